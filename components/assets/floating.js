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

class Floating {
  constructor() {
    this.children = new MutationObserver(() => this.look())
    this.look()
    document.addEventListener("click", opensName, true)
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
  }
}

export default function ({ parentElement }) {
  const root = parentElement.querySelector("span")
  return keep(root, () => new Floating())
}
