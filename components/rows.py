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

function fill(item, row) {
  const link = item.firstChild
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

export default function ({ data, parentElement, setTriggerValue }) {
  const list = parentElement.querySelector("ol")
  list.setAttribute("aria-label", data.label)
  const known = new Map([...list.children].map(item => [item.dataset.id, item]))
  data.rows.forEach((row, place) => {
    let item = known.get(row.id)
    if (!item) {
      item = document.createElement("li")
      item.dataset.id = row.id
      item.append(document.createElement("a"))
    }
    const stamp = JSON.stringify(row)
    if (item.dataset.stamp !== stamp) {
      fill(item, row)
      item.dataset.stamp = stamp
    }
    // A plain click stays in this session; with a modifier the browser opens the link as any other.
    item.firstChild.onclick = event => {
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return
      event.preventDefault()
      setTriggerValue("opened", row.id)
    }
    if (list.children[place] !== item) list.insertBefore(item, list.children[place] ?? null)
    known.delete(row.id)
  })
  known.forEach(item => item.remove())
}
"""

_list = st.components.v2.component("rows", html="<ol></ol>", css=CSS, js=JS)


def show_rows(rows: Sequence[Row], *, label: str, key: str, on_open: Callable[[str], None]) -> None:
    """Draws `rows`; `on_open` gets the id of the row that was clicked, in a callback."""

    def opened() -> None:
        if chosen := st.session_state[key].get("opened"):
            on_open(str(chosen))

    _list(data={"rows": [asdict(row) for row in rows], "label": label}, key=key, on_opened_change=opened)
