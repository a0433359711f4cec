// One listener for all keys of a page. It clicks the button that belongs to a key, or tells the page which key it was.

const SETTLED = 250 // ms for which what has just come on screen cannot be decided by a key that was meant for the last

const covered = () => [...document.querySelectorAll("[role='dialog'], [role='menu'], [role='listbox']")].some(inSight)
const marked = mark => `${place(mark.group)} button:nth-of-type(${mark.place})`

const pressable = key => `${place(key)} :is(button, label:has([role="switch"]))`

function buttonOf(key) {
  const found = [...document.querySelectorAll(pressable(key))].filter(each => inSight(each) && !each.disabled)
  return found[0]?.querySelector("[role='switch']") ?? found[0]  // a label's own click is not heard by it
}

// Ctrl+Enter submits from the fields of the decision, not from a note or a search; Streamlit takes it there to commit the
// text, which it has done by the time that it is heard here.
const DECIDES = ["message", "draft", "form", "confirmation", "name_with"].map(name => `[class*="st-key-${name}_"]`).join(", ")
const decidesFrom = element => Boolean(element.closest(DECIDES))

const cardOf = key => key && document.querySelector(place(key))?.closest("[class*='st-key-card_']")

let review = ""
// Another review begins at its top.
function begin(context) {
  const [now] = context.split(" ")
  if (review && now && now !== review) toTop()
  review = now || review
}

let lettered = []
const at = each => each.mark ? marked(each.mark) : pressable(each.button)

// The letters on the buttons are drawn by style: their names stay what they are, and a redrawn button keeps its letter.
function letter(keys) {
  const style = document.getElementById("countersign-keys") ?? document.createElement("style")
  style.id = "countersign-keys"
  lettered = keys.filter(each => each.button || each.mark?.lettered)
  const rule = lettered.map(each => `${at(each)}::after { content: ${JSON.stringify(each.shown)} / ""; }`)
  const all = lettered.map(each => `${at(each)}::after`).join(", ")
  style.textContent = !lettered.length ? "" : `@media (hover: hover) and (min-width: 641px) {
    ${rule.join("\n")}
    ${all} { margin-inline-start: .6rem; padding: .05rem .4rem; border: 1px solid currentColor; border-radius: 4px;
             font-size: .75rem; line-height: 1.35; white-space: nowrap; }
  }`
  document.head.append(style)
  document.querySelectorAll("[aria-keyshortcuts]").forEach(it => it.removeAttribute("aria-keyshortcuts"))
  tellKeys()
}

// To who does not see the letters; a button that is drawn later is told of, too.
function tellKeys() {
  for (const each of lettered) {
    for (const it of document.querySelectorAll(`${at(each)}:not([aria-keyshortcuts])`)) it.setAttribute("aria-keyshortcuts", each.key)
  }
}

// The second half of a double click is meant for what was clicked first, not for what came under the pointer meanwhile.
// This is heard on every page from then on: the first half may have been the click that opened it. A button that does
// something else by then, as the one under a thumb that chose and now sends, is another one.
let clicked
function keepTogether(event) {
  if (!event.isTrusted) return
  const button = event.target instanceof Element && event.target.closest("button")
  const named = button && /st-key-\S+/.exec(button.closest("[class*='st-key-']")?.className)?.[0]
  const key = named && `${named} ${button.getAttribute("kind")}`
  if (event.detail < 2 || key === clicked) clicked = key
  else if (button) {
    event.preventDefault()
    event.stopPropagation()
  }
}

function pressed(event) {
  if (event.altKey || event.isComposing) return ""
  if (event.ctrlKey || event.metaKey) return event.key === "Enter" && !event.shiftKey ? "Control+Enter" : ""
  if (event.key.length === 1 && event.shiftKey && /[a-z]/i.test(event.key)) return ""
  return event.key.length === 1 ? event.key.toUpperCase() : event.key
}

const PAGE = Math.random().toString(36).slice(2)
let presses = 0
let wished = ""

// What was approved by its letter. Who then presses Ctrl+Enter out of habit means that one, not the review after it.
let byLetter
const HABIT = "That was not sent: A approved the last review by itself. Press Ctrl+Enter again to decide this one."
const TOLD = 6000 // ms for which it is told
const forget = () => {
  byLetter = undefined
  inCharge?.say("")
}
document.addEventListener("pointerdown", forget, true)
document.addEventListener("input", forget, true)

// What is on screen, and since when; kept when this part of the page is made anew.
let came = {}
// The one that is on the page now: another may leave it after this one has come.
let inCharge

class Keys {
  constructor(root) {
    this.root = root
    this.dialog = root.querySelector("dialog")
    root.querySelector(".all").onclick = () => this.help()
    this.dialog.querySelector("button").onclick = () => this.dialog.close()
    this.dialog.onclick = event => event.target === this.dialog && this.dialog.close()
    this.listener = event => this.hear(event)
    this.pointer = event => this.choseByPointer(event)
    this.drawn = new MutationObserver(() => {
      cancelAnimationFrame(this.soon)
      this.soon = requestAnimationFrame(tellKeys)
    })
    document.addEventListener("click", keepTogether, true)
  }

  take(data, tell) {
    inCharge = this
    document.addEventListener("keydown", this.listener)
    document.addEventListener("keydown", keepAhead, true)
    document.addEventListener("click", this.pointer, true)
    this.drawn.observe(document.body, { childList: true, subtree: true })
    const group = data.keys.find(each => each.mark)?.mark.group
    // Of several cards, the one that the letters have gone on to.
    if (this.context === data.context && this.group !== group) cardOf(group)?.scrollIntoView({ block: "nearest" })
    if (came.context !== data.context) {
      came = { context: data.context, at: performance.now() }
      ahead = undefined
    }
    this.since = came.at
    this.context = data.context
    this.group = group
    this.keys = data.keys.filter(each => each.heard)
    this.all = data.keys
    this.tell = tell
    letter(data.keys)
    begin(data.context)
    if (data.focus && data.focus !== wished) focusOn(data.focus)
    wished = data.focus || wished
    if (this.dialog.open) fill(this.dialog, this.all)
  }

  help() {
    if (this.dialog.open) return
    fill(this.dialog, this.all)
    this.dialog.showModal()
  }

  hear(event) {
    const typing = event.composedPath().find(typesInto)
    const submits = pressed(event) === "Control+Enter" && typing && decidesFrom(typing)
    if (this.dialog.open || (event.defaultPrevented && !submits) || covered()) return
    const found = this.keys.find(each => each.key === pressed(event))
    if (!found || found.elsewhere) return
    if (typing && found.key === "Escape") return typing.blur()
    if (typing && !submits) return
    // A key that is held down moves on; it decides nothing.
    if (event.repeat && !found.repeats) return event.preventDefault()
    if (found.decides && performance.now() - this.since < SETTLED) return event.preventDefault()
    if (found.action === "submit" && !typing && this.isHabit()) return event.preventDefault()
    this.say("")
    byLetter = found.action === "approve" && !found.mark?.clicks ? { context: this.context, does: this.submits() } : undefined
    if (found.action === "help") {
      event.preventDefault()
      return this.help()
    }
    if (found.field) return this.goTo(found.field, event)
    const button = found.button && buttonOf(found.button)
    if (found.button && !button && !submits && !found.waits) return
    event.preventDefault()
    if (found.types && !typing) expectText()
    // What is submitted right after it was typed may be there before its button.
    if (found.button) this.clickSoon(() => buttonOf(found.button), SOON)
    else if (found.mark?.clicks) this.choose(found.mark)
    else this.tell("pressed", { action: found.action, context: this.context, press: `${PAGE}-${++presses}` })
  }

  // Where there is one thing to do, and another than before, the button that does it was looked for.
  isHabit() {
    const last = byLetter
    byLetter = undefined
    if (!last || (last.does !== this.submits() && !this.keys.some(each => each.mark))) return false
    if (last.context !== this.context) this.say(HABIT)
    return true
  }

  // What the button says that Ctrl+Enter presses.
  submits() {
    const { button } = this.all.find(each => each.action === "submit")
    return button ? buttonOf(button)?.textContent : undefined
  }

  say(text) {
    const said = this.root.querySelector(".said")
    said.textContent = text
    clearTimeout(this.told)
    this.told = setTimeout(() => { said.textContent = "" }, TOLD)
  }

  goTo(key, event) {
    const there = document.querySelector(place(key))
    const field = inSight(there) && fieldIn(there)
    if (!field) return
    event.preventDefault()
    field.focus()
    field.select()
  }

  // By a click of the browser's own: were it made by the server, whatever is on its way there would undo it.
  choose(mark) {
    this.clickSoon(() => document.querySelector(marked(mark)), PATIENCE)
    if (!mark.field) return
    expectText()
    focusOn(`${mark.field}#${this.context.split(" ")[0]}-`)
  }

  // Whoever chooses with the pointer what is typed for finds the caret there, unless they have gone elsewhere by then.
  choseByPointer(event) {
    if (this.choseByThumb(event) || !event.isTrusted || !event.detail) return
    const { mark } = this.all.find(({ mark }) => mark?.field && document.querySelector(marked(mark))?.contains(event.target)) ?? {}
    if (!mark) return
    focusOn(`${mark.field}#${this.context.split(" ")[0]}-`)
    document.addEventListener("pointerdown", () => clearInterval(waits), { capture: true, once: true })
  }

  // The bar under a thumb chooses as a key does.
  choseByThumb(event) {
    const button = event.target instanceof Element && event.target.closest("button:not([kind='primary'])")
    const kind = button && /st-key-thumb_([a-z]+)_/.exec(button.closest("[class*='st-key-thumb_']")?.className)?.[1]
    const mark = kind && this.all.find(each => each.action === kind)?.mark
    if (!mark) return false
    event.preventDefault()
    event.stopPropagation()
    this.choose(mark)
    return true
  }

  // Of what is on screen now: of another one it may be a decision.
  clickSoon(find, patience) {
    const { context } = this
    clickOnce(() => context === inCharge.context && find(), patience)
  }

  leave() {
    this.drawn.disconnect()
    document.removeEventListener("keydown", this.listener)
    document.removeEventListener("click", this.pointer, true)
    if (inCharge !== this) return
    document.removeEventListener("keydown", keepAhead, true)
    document.getElementById("countersign-keys")?.remove()
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".keys")
  root.keys ??= new Keys(root)
  root.keys.take(data, setTriggerValue)
  // Streamlit also calls this for a renewal that another one has overtaken, with the part still on the page.
  return () => root.isConnected || root.keys.leave()
}
