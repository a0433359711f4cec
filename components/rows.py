"""A list of links that renews itself without moving under the pointer: rows are matched by id, focus stays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import streamlit as st


@dataclass(frozen=True)
class Row:
    """One line: where it leads, what it is; its badges and what stands at its right, each as (text, tone)."""

    id: str
    href: str
    title: str
    badges: Sequence[tuple[str, str]] = ()
    note: str = ""
    aside: Sequence[tuple[str, str]] = ()


CSS = """
ol { list-style: none; margin: 0; padding: 0; border: 1px solid var(--st-border-color);
     border-radius: var(--st-base-radius); overflow: hidden; }
li + li { border-top: 1px solid var(--st-border-color); }
a { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: .25rem 1.5rem; align-items: center;
    padding: .8rem 1rem; text-decoration: none; color: var(--st-text-color); font-family: var(--st-font); }
a:hover { background: var(--st-secondary-background-color); }
a:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: -3px; border-radius: 8px; }
.title { font-size: 1.02rem; font-weight: 600; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.about { display: flex; flex-wrap: wrap; gap: .4rem .6rem; align-items: center; font-size: .87rem;
         color: var(--st-gray-text-color); }
.badge { padding: .05rem .5rem; border-radius: 999px; font-size: .8rem; font-weight: 600; white-space: nowrap; }
.aside { grid-row: 1 / span 2; grid-column: 2; text-align: right; font-size: .87rem; display: grid; gap: .3rem;
         justify-items: end; font-variant-numeric: tabular-nums; }
li.gone { opacity: .45; }
li.picks { display: grid; grid-template-columns: auto minmax(0, 1fr); }
li.picks > label { display: grid; place-items: center; padding: 0 .25rem 0 .9rem; cursor: pointer; }
li.picks input { width: 1.05rem; height: 1.05rem; accent-color: var(--st-primary-color); cursor: pointer; }
li.picked { background: var(--st-secondary-background-color); }
@media (max-width: 640px) {
  a { grid-template-columns: minmax(0, 1fr); }
  .title { white-space: normal; }
  .aside { grid-row: auto; grid-column: 1; text-align: left; display: flex; flex-wrap: wrap; gap: .6rem; }
}
"""
JS = """
const TONES = ["red", "orange", "yellow", "green", "blue", "violet", "gray"]

function span(kind, text, tone, badge) {
  const made = document.createElement("span")
  made.className = kind
  made.textContent = text
  if (TONES.includes(tone)) {
    made.style.color = `var(--st-${tone}-text-color)`
    if (badge) made.style.background = `var(--st-${tone}-background-color)`
  }
  return made
}

function fill(link, row) {
  link.href = row.href
  const about = document.createElement("span")
  about.className = "about"
  about.append(...row.badges.map(([text, tone]) => span("badge", text, tone, true)))
  if (row.note) about.append(span("note", row.note))
  const aside = document.createElement("span")
  aside.className = "aside"
  aside.append(...row.aside.map(([text, tone]) => span("when", text, tone)))
  link.replaceChildren(span("title", row.title), about, aside)
}

function make(row) {
  const item = document.createElement("li")
  item.dataset.id = row.id
  item.append(document.createElement("a"))
  return item
}

function box(item, row, data, pick) {
  let label = item.querySelector("label")
  item.classList.toggle("picks", data.picks)
  item.classList.toggle("picked", data.selected.includes(row.id))
  if (!data.picks) return label?.remove()
  if (!label) {
    label = document.createElement("label")
    label.append(document.createElement("input"))
    label.firstChild.type = "checkbox"
    item.prepend(label)
  }
  label.firstChild.setAttribute("aria-label", `Select ${row.title}`)
  label.firstChild.checked = data.selected.includes(row.id)
  label.firstChild.onchange = () => pick(row.id)
}

function draw(list, data, { open, pick }) {
  const known = new Map([...list.children].map(item => [item.dataset.id, item]))
  // Under the pointer nothing moves: what is gone fades, and places change when it has left.
  const still = known.size > 0 && list.matches(":hover")
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
    box(item, row, data, pick)
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
  known.forEach(item => still ? item.classList.add("gone") : item.remove())
}

function move(list, event) {
  const steps = { j: 1, J: 1, ArrowDown: 1, k: -1, K: -1, ArrowUp: -1 }
  if (!(event.key in steps) || event.ctrlKey || event.metaKey || event.altKey) return
  const typing = event.composedPath().some(at => /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName) && at.type !== "checkbox")
  if (typing || event.composedPath().some(at => at.isContentEditable)) return
  const links = [...list.querySelectorAll("a")]
  const at = links.indexOf(list.getRootNode().activeElement?.closest?.("li")?.querySelector("a"))
  if (at < 0 && !/^[jJ]$/.test(event.key)) return
  event.preventDefault()
  links[Math.max(0, Math.min(links.length - 1, at + steps[event.key]))]?.focus()
}

export default function ({ data, parentElement, setTriggerValue }) {
  const list = parentElement.querySelector("ol")
  list.setAttribute("aria-label", data.label)
  const open = id => setTriggerValue("opened", id)
  const pick = id => setTriggerValue("picked", id)
  list.onpointerleave = () => draw(list, data, { open, pick })
  draw(list, data, { open, pick })
  if (!data.keys || list.listens) return  // this runs with each renewal, and the keys are heard once
  const listen = event => move(list, event)
  list.listens = true
  document.addEventListener("keydown", listen)
  return () => {
    list.listens = false
    document.removeEventListener("keydown", listen)
  }
}
"""

_list = st.components.v2.component("rows", html="<ol></ol>", css=CSS, js=JS)


def show_rows(
    rows: Sequence[Row],
    *,
    label: str,
    key: str,
    on_open: Callable[[str], None],
    on_select: Callable[[list[str]], None] | None = None,
    selected: Sequence[str] = (),
    keys: bool = False,
) -> None:
    """Draws `rows`; `on_open` gets the id of the row that was clicked, in a callback. With `on_select` each row has a
    box, and it gets the ids that are selected then. With `keys`, J and K move through the rows."""

    def opened() -> None:
        if chosen := st.session_state[key].get("opened"):
            on_open(str(chosen))

    def picked() -> None:
        if on_select and (one := st.session_state[key].get("picked")):
            on_select([id for id in selected if id != one] if one in selected else [*selected, str(one)])

    data = {
        "rows": [asdict(row) for row in rows],
        "label": label,
        "picks": on_select is not None,
        "selected": list(selected),
        "keys": keys,
    }
    _list(data=data, key=key, on_opened_change=opened, on_picked_change=picked)
