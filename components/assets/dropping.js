// Streamlit gives the ground on which files are dropped the label of its field, and the role of a thing without meaning.
// As a group it is told with that label, in front of a button that is called Upload and does not say what.

const GROUND = "[data-testid='stFileUploaderDropzone'][role='presentation']"

class Dropping {
  constructor(around) {
    const group = () => around.querySelectorAll(GROUND).forEach(each => each.setAttribute("role", "group"))
    this.drawn = new MutationObserver(group)
    this.drawn.observe(around, { childList: true, subtree: true })
    group()
  }

  leave() {
    this.drawn.disconnect()
  }
}

export default function ({ parentElement }) {
  const root = parentElement.querySelector("span")
  return keep(root, () => new Dropping(root.getRootNode().host.closest("[data-testid='stExpander']")))
}
