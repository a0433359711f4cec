// A list of links. What it is given anew replaces what changed, by the rows' ids; focus and pointer find theirs again.

const TONES = ["red", "orange", "yellow", "green", "blue", "violet", "gray"]

function span(kind, text, tone, icon, badge) {
  const made = document.createElement("span")
  made.className = kind
  if (icon) made.append(sign(icon))
  made.append(text)
  if (TONES.includes(tone)) {
    made.style.color = `var(--st-${tone}-text-color)`
    if (badge) made.style.background = `var(--st-${tone}-background-color)`
  }
  return made
}

// A glyph of the font that Streamlit brings: its name is drawn and never read, neither as text nor aloud.
function sign(icon) {
  const made = document.createElement("span")
  made.className = "icon"
  made.dataset.icon = icon
  made.setAttribute("aria-hidden", "true")
  return made
}

function fill(link, row) {
  link.href = row.href
  const about = document.createElement("span")
  about.className = "about"
  about.append(...row.badges.map(([text, tone, icon]) => span("badge", text, tone, icon, true)))
  if (row.note) about.append(span("note", row.note))
  const aside = document.createElement("span")
  aside.className = "aside"
  aside.append(...row.aside.map(([text, tone, icon]) => span("when", text, tone, icon)))
  link.replaceChildren(span("title", row.title), about, aside)
}

function make(row) {
  const item = document.createElement("li")
  item.dataset.id = row.id
  item.append(document.createElement("a"))
  return item
}

// Boxes that were ticked or cleared and that the server has not taken in. Of two clicks that reach it while it is busy,
// Streamlit drops the first: so each says them all, and what is not taken in by a renewal is said again.
const SAID = 3 // times, in all
class Wanted {
  ids = new Map()

  // How the row's box is to be drawn, in the state that the server knows.
  of(id, selected) {
    const there = selected.includes(id)
    if (this.ids.get(id)?.on === there) this.ids.delete(id)
    return this.ids.get(id)?.on ?? there
  }

  put(id, on, send) {
    this.ids.set(id, { on, said: 0 })
    this.say(send)
  }

  say(send) {
    for (const [id, each] of this.ids) ++each.said > SAID && this.ids.delete(id)
    if (this.ids.size) send(Object.fromEntries([...this.ids].map(([id, { on }]) => [id, on])))
  }
}

function box(item, row, data, wanted, pick) {
  let label = item.querySelector("label")
  const on = wanted.of(row.id, data.selected)
  item.classList.toggle("picks", data.picks)
  item.classList.toggle("picked", on)
  if (!data.picks) return label?.remove()
  if (!label) {
    label = document.createElement("label")
    label.append(document.createElement("input"))
    label.firstChild.type = "checkbox"
    item.prepend(label)
  }
  label.firstChild.setAttribute("aria-label", `Select ${row.title}`)
  label.firstChild.checked = on
  label.firstChild.onchange = event => {
    item.classList.toggle("picked", event.target.checked)
    wanted.put(row.id, event.target.checked, pick)
  }
}

// Tab stops at one row, the arrows go from there to the others: else what comes after the list would be far.
function reachable(list, current) {
  const items = [...list.children]
  const focused = list.getRootNode().activeElement?.closest?.("li")
  const one = items.find(item => item === focused) ?? items.find(item => item.dataset.id === current) ?? items[0]
  items.forEach(item => item.querySelectorAll("a, input").forEach(each => { each.tabIndex = item === one ? 0 : -1 }))
}

// Whoever uses the keys may have left the pointer lying on the list.
let byKeys = false
document.addEventListener("keydown", () => { byKeys = true }, true)
document.addEventListener("pointermove", () => { byKeys = false }, true)

function draw(list, data, { open, pick }) {
  const known = new Map([...list.children].map(item => [item.dataset.id, item]))
  // Under the pointer nothing moves by itself: what is gone fades, and places change when it has left.
  const still = known.size > 0 && list.view === data.view && !byKeys && list.matches(":hover")
  list.view = data.view
  data.rows.forEach((row, place) => {
    const item = known.get(row.id) ?? make(row)
    const fresh = !known.has(row.id)
    const stamp = JSON.stringify(row)
    const link = item.querySelector("a")
    if (item.dataset.stamp !== stamp) {
      fill(link, row)
      item.dataset.stamp = stamp
    }
    item.classList.remove("gone")
    item.classList.toggle("current", row.id === data.current)
    row.id === data.current ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current")
    box(item, row, data, list.wanted, pick)
    // A plain click stays in this session; with a modifier the browser opens the link as any other.
    link.onclick = event => {
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return
      event.preventDefault()
      open(row.id)
    }
    const there = still ? null : list.children[place] ?? null
    if (still ? fresh : there !== item) list.insertBefore(item, there)
    known.delete(row.id)
  })
  known.forEach(item => {
    item.classList.remove("current")
    still ? item.classList.add("gone") : item.remove()
  })
  if (data.keys) reachable(list, data.current)
}

const WALKED = 120 // ms after the last key of a walk, in which rows are passed by and not opened
let walk

function step(list, event, open) {
  const steps = { j: 1, J: 1, ArrowDown: 1, k: -1, K: -1, ArrowUp: -1, s: 0, S: 0 }
  if (!(event.key in steps) || event.ctrlKey || event.metaKey || event.altKey) return
  const typing = event.composedPath().some(at => /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName) && at.type !== "checkbox")
  if (typing || event.composedPath().some(at => at.isContentEditable)) return
  if (document.querySelector("[role='dialog']")) return
  const links = [...list.querySelectorAll("li:not(.gone) a")]
  const focused = links.indexOf(list.getRootNode().activeElement?.closest?.("li")?.querySelector("a"))
  const letter = /^[jkJKsS]$/.test(event.key)
  if (focused < 0 && !letter) return
  const at = focused >= 0 ? focused : links.findIndex(link => link.hasAttribute("aria-current"))
  const there = links[at < 0 ? 0 : Math.max(0, Math.min(links.length - 1, at + steps[event.key]))]
  if (!there) return
  event.preventDefault()
  if (!steps[event.key]) return event.repeat || there.parentElement.querySelector("input")?.click()
  there.focus()
  there.scrollIntoView({ block: "nearest" })
  if (!letter) return
  list.querySelectorAll("li").forEach(item => item.classList.toggle("current", item.contains(there)))
  clearTimeout(walk)
  walk = setTimeout(() => open(there.parentElement.dataset.id), WALKED)
}

export default function ({ data, parentElement, setTriggerValue }) {
  const list = parentElement.querySelector("ol")
  const other = list.view !== undefined && list.view !== data.view
  list.setAttribute("aria-label", data.label)
  list.open = id => setTriggerValue("opened", id)
  list.onfocusin = () => data.keys && reachable(list, data.current)
  const pick = picked => setTriggerValue("picked", picked)
  list.onpointerleave = () => draw(list, data, { open: list.open, pick })
  list.wanted ??= new Wanted()
  draw(list, data, { open: list.open, pick })
  // Whoever asks for other rows further down is led to the first of them.
  if (other && list.getBoundingClientRect().top < 0) list.scrollIntoView({ block: "start" })
  list.wanted.say(pick)
  if (!data.keys) return
  list.listen ??= event => step(list, event, list.open)
  document.addEventListener("keydown", list.listen)
  // Streamlit also calls this for a renewal that another one has overtaken, with the part still on the page.
  return () => {
    if (list.isConnected) return
    clearTimeout(walk)
    document.removeEventListener("keydown", list.listen)
  }
}
