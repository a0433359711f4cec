// The open list of a select box and the help of a field hang behind the page, beside everything that has a name there. In
// a region they are found like any other part of it. Only attributes are set, which Streamlit gives these elements none of.

const PORTAL = "#stFloatingOverlayPortal" // also of the popovers, which are dialogs with a name of their own
const NAMES = {
  Choices: "body > div:not(#root, [role]):has(> * > [role='listbox'])",
  Help: `${PORTAL} > div:not([role]):has(> [role='tooltip'])`,
}

function name() {
  for (const [label, selector] of Object.entries(NAMES)) {
    for (const each of document.querySelectorAll(selector)) {
      each.setAttribute("role", "region")
      each.setAttribute("aria-label", label)
    }
  }
}

// Whoever opens what asks for their name types into it.
const WHO = ".st-key-who_reviews button"
const opensName = ({ target }) => {
  const button = target instanceof Element && target.closest(WHO)
  if (button && button.ariaExpanded !== "true") focusOn("reviewer_name")
}

// What opens below a button lies at the end of the page. By Tab one comes into it from its button, and goes round in the
// two until it is closed. While the keys are elsewhere its fields are no stops: they keep aside that they are.
const STOPS = ":is(a[href], button, input, textarea, [tabindex]):not(:disabled, [tabindex='-1']:not([data-tabindex]))"
function goRound(event) {
  if (event.key !== "Tab" || event.altKey || event.ctrlKey || event.metaKey) return
  const opener = document.querySelector("[data-testid='stPopoverButton'][aria-expanded='true']")
  const body = opener && [...document.querySelectorAll("[data-testid='stPopoverBody']")].find(inSight)
  const stops = body ? [opener, ...[...body.querySelectorAll(STOPS)].filter(inSight)] : []
  const at = stops.indexOf(document.activeElement)
  const next = at + (event.shiftKey ? -1 : 1)
  if (at < 0 || (at > 0 && next > 0 && next < stops.length)) return // elsewhere, or on the way within it
  event.preventDefault()
  stops.at(next % stops.length).focus()
}

class Floating {
  constructor() {
    this.children = new MutationObserver(() => this.look())
    this.look()
    document.addEventListener("click", opensName, true)
    document.addEventListener("keydown", goRound, true)
  }

  // What is there already, and what comes. What floats may come to its place after the place itself: that is watched, too.
  look() {
    for (const each of [document.body, ...document.querySelectorAll(`${PORTAL}, ${PORTAL} > div:empty`)]) {
      this.children.observe(each, { childList: true })
    }
    name()
  }

  leave() {
    this.children.disconnect()
    document.removeEventListener("click", opensName, true)
    document.removeEventListener("keydown", goRound, true)
  }
}

export default function ({ parentElement }) {
  const root = parentElement.querySelector("span")
  return keep(root, () => new Floating())
}
