// Whoever comes to another page, or to another thread on it, begins at its top. Whoever chose the page on a telephone sees
// it, and not the list of pages, which Streamlit lets lie over it.

const CLOSE = "[data-testid='stSidebar'][data-collapsed='false'] [data-testid='stSidebarCollapseButton'] button"
const last = window.countersignArrival ?? (window.countersignArrival = {})

export default function ({ data: { at, shown } }) {
  if (last[at] === shown) return
  last[at] = shown
  toTop()
  if (at === "page" && matchMedia("(max-width: 767px)").matches) document.querySelector(CLOSE)?.click()
}
