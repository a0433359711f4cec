// Whoever comes to another page, or to another thread on it, begins at its top; whoever comes back to the list that they
// opened it from is where they were in it. Whoever chose the page on a telephone sees it, and not the list of pages,
// which Streamlit lets lie over it.

const CLOSE = "[data-testid='stSidebar'][data-collapsed='false'] [data-testid='stSidebarCollapseButton'] button"
const LIST = "the list"
const DRAWN = 2000 // ms in which the list is drawn, and may be shorter for a moment than it was
const last = window.countersignArrival ?? (window.countersignArrival = {})
const main = () => document.querySelector("[data-testid='stMain']")

// Before what is opened has taken the list's place.
const note = () => { if (last.thing === LIST && main()) last.left = main().scrollTop }
if (!last.hears) ["click", "keydown"].forEach(each => document.addEventListener(each, note, true))
last.hears = true

function backTo(top) {
  const until = performance.now() + DRAWN
  const moved = new AbortController()
  const stop = () => moved.abort()
  ;["wheel", "touchstart", "pointerdown", "keydown"].forEach(each =>
    document.addEventListener(each, stop, { capture: true, signal: moved.signal }))
  const settle = () => {
    if (moved.signal.aborted) return
    if (main()?.scrollTop < top) main().scrollTo({ top })
    if (performance.now() > until) return stop()
    requestAnimationFrame(settle)
  }
  settle()
}

export default function ({ data: { at, shown } }) {
  if (last[at] === shown) return
  const came = last[at] !== undefined // from another one, and not by its address, where nothing lies over it yet
  const again = at === "thing" && shown === LIST && last.left
  if (at === "page") last.left = 0
  last[at] = shown
  again ? backTo(again) : toTop()
  if (at === "page" && came && matchMedia("(max-width: 767px)").matches) document.querySelector(CLOSE)?.click()
}
