// What a key is meant for may still be to come: a field to type into, a button to click. Both are waited for.

const place = key => `.st-key-${CSS.escape(key.replace(/[^a-zA-Z0-9_-]/g, "-"))}`

const inSight = element => element?.checkVisibility({ visibilityProperty: true })

const TEXTLESS = ["button", "checkbox", "color", "file", "radio", "range", "reset", "submit"]

function typesInto(element) {
  if (!(element instanceof Element)) return false
  if (element.isContentEditable || element.matches("textarea, select, [role='textbox'], [role='combobox']")) return true
  if (element.matches("[data-testid='stDataFrame'], [data-testid='stDataFrameGlideDataEditor']")) return true
  return element.matches("input") && !TEXTLESS.includes(element.type)
}

// The text field of a place on the page, in a component's own tree, too.
function fieldIn(element) {
  for (const root of [element, ...[...element.querySelectorAll("*")].map(each => each.shadowRoot).filter(Boolean)]) {
    const found = root.querySelector("textarea, input[type='text'], input[type='number'], input:not([type])")
    if (found) return found
  }
}

const PATIENCE = 20000 // ms in which a field that is wished for has to come
const SOON = 3000 // ms in which a button has to come, to be clicked

// What is typed for a field that is still to come: it is text, not keys, and the field gets it.
let ahead

function expectText() {
  ahead = { text: "", until: performance.now() + PATIENCE }
}

function isAhead(event) {
  if (!ahead || performance.now() > ahead.until) return false
  const letter = { Enter: "\n" }[event.key] ?? (event.key.length === 1 ? event.key : "")
  if (event.key === "Escape") ahead = undefined
  else if (event.key === "Backspace") ahead.text = ahead.text.slice(0, -1)
  else if (!event.ctrlKey && !event.metaKey) ahead.text += letter
  return true
}

// Before anything else on the page takes it for a key.
function keepAhead(event) {
  if (event.composedPath().some(typesInto) || !isAhead(event)) return
  event.preventDefault()
  event.stopPropagation()
}

let clicks
// On a page that has just come its code may still be on the way, with the button to come.
function clickOnce(find, patience) {
  clearInterval(clicks)
  const until = performance.now() + patience
  const click = () => {
    const button = find() // false once it is for another review
    if (button) button.click()
    if (button || button === false || performance.now() > until) clearInterval(clicks)
  }
  clicks = setInterval(click, 30)
  click()
}

let waits
// The field may be drawn after the wish for it has come, and be filled after that: it is typed into once it stays as it is.
function focusOn(wish) {
  clearInterval(waits)
  const until = performance.now() + PATIENCE
  let seen
  waits = setInterval(() => {
    const there = document.querySelector(place(wish.split("#")[0]))
    const field = there && fieldIn(there)
    const ready = field && isOf(field, wish) && seen?.field === field && seen.value === field.value
    seen = { field, value: field?.value }
    if (!ready && performance.now() < until) return
    clearInterval(waits)
    if (ready) typeInto(field)
    ahead = undefined
  }, 30)
}

// An editor may still hold the text of another review, or none.
function isOf(field, wish) {
  const holder = field.closest(".desk")
  return !holder || wish.includes(`#${holder.dataset.document}-`)
}

// Whoever is in it already keeps the caret, and what they have selected.
function typeInto(field) {
  if (field.getRootNode().activeElement !== field) {
    field.focus()
    if (field.type !== "number") field.setSelectionRange(field.value.length, field.value.length)
  }
  if (ahead?.text) document.execCommand("insertText", false, ahead.text)
}
