// One listener for all keys of a page. It clicks the button that belongs to a key, or tells the page which key it was.

const SETTLED = 250 // ms for which what has just come on screen cannot be decided by a key that was meant for the last
const TEXTLESS = ["button", "checkbox", "color", "file", "radio", "range", "reset", "submit"]

function typesInto(element) {
  if (!(element instanceof Element)) return false
  if (element.isContentEditable || element.matches("textarea, select, [role='textbox'], [role='combobox']")) return true
  if (element.matches("[data-testid='stDataFrame'], [data-testid='stDataFrameGlideDataEditor']")) return true
  return element.matches("input") && !TEXTLESS.includes(element.type)
}

const inSight = element => element?.checkVisibility({ visibilityProperty: true })
const covered = () => [...document.querySelectorAll("[role='dialog'], [role='menu'], [role='listbox']")].some(inSight)
const place = key => `.st-key-${CSS.escape(key.replace(/[^a-zA-Z0-9_-]/g, "-"))}`

function buttonOf(key) {
  const found = [...document.querySelectorAll(`${place(key)} button`)].filter(each => inSight(each) && !each.disabled)
  return found[0]
}

// The letters on the buttons are drawn by style: their names stay what they are, and a redrawn button keeps its letter.
function letter(keys) {
  const style = document.getElementById("countersign-keys") ?? document.createElement("style")
  style.id = "countersign-keys"
  const shown = keys.filter(each => each.button)
  const rule = shown.map(each => `${place(each.button)} button::after { content: ${JSON.stringify(each.shown)} / ""; }`)
  const all = shown.map(each => `${place(each.button)} button::after`).join(", ")
  style.textContent = !shown.length ? "" : `@media (hover: hover) and (min-width: 641px) {
    ${rule.join("\n")}
    ${all} { margin-inline-start: .6rem; padding: .05rem .4rem; border: 1px solid currentColor; border-radius: 4px;
             font-size: .75rem; line-height: 1.35; white-space: nowrap; }
  }`
  document.head.append(style)
  for (const each of shown) {
    document.querySelectorAll(`${place(each.button)} button`).forEach(it => it.setAttribute("aria-keyshortcuts", each.key))
  }
}

function pressed(event) {
  if (event.altKey || event.isComposing) return ""
  if (event.ctrlKey || event.metaKey) return event.key === "Enter" && !event.shiftKey ? "Control+Enter" : ""
  if (event.key.length === 1 && event.shiftKey && /[a-z]/i.test(event.key)) return ""
  return event.key.length === 1 ? event.key.toUpperCase() : event.key
}

function made(tag, text) {
  const element = document.createElement(tag)
  element.textContent = text
  return element
}

function fill(dialog, keys) {
  dialog.querySelector("dl").replaceChildren(
    ...keys.map(each => {
      const row = document.createElement("div")
      const name = document.createElement("dt")
      name.append(...each.shown.split("+").map(part => made("kbd", part)))
      row.append(name, made("dd", each.label))
      return row
    }),
  )
}

class Keys {
  constructor(root) {
    this.dialog = root.querySelector("dialog")
    root.querySelector(".all").onclick = () => this.help()
    this.dialog.querySelector("button").onclick = () => this.dialog.close()
    this.dialog.onclick = event => event.target === this.dialog && this.dialog.close()
    this.listener = event => this.hear(event)
    document.addEventListener("keydown", this.listener)
  }

  take(data, tell) {
    if (this.context !== data.context) this.since = performance.now()
    this.context = data.context
    this.keys = data.keys
    this.tell = tell
    letter(data.keys)
    fill(this.dialog, data.keys)
  }

  help() {
    if (!this.dialog.open) this.dialog.showModal()
  }

  hear(event) {
    if (this.dialog.open || event.defaultPrevented || covered()) return
    const found = this.keys.find(each => each.key === pressed(event))
    if (!found) return
    const typing = event.composedPath().find(typesInto)
    if (typing && found.key === "Escape") return typing.blur()
    if (typing && found.key !== "Control+Enter") return
    // A key that is held down moves on; it decides nothing.
    if (event.repeat && !found.repeats) return event.preventDefault()
    if (found.decides && performance.now() - this.since < SETTLED) return event.preventDefault()
    if (found.action === "help") {
      event.preventDefault()
      return this.help()
    }
    const button = found.button && buttonOf(found.button)
    if (found.button && !button) return
    event.preventDefault()
    if (button) button.click()
    else this.tell("pressed", found.action)
  }

  leave() {
    document.removeEventListener("keydown", this.listener)
    document.getElementById("countersign-keys")?.remove()
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".keys")
  root.keys ??= new Keys(root)
  root.keys.take(data, setTriggerValue)
  return () => root.keys.leave()
}
