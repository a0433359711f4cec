// Back and Forward of the browser are told apart from an address that is only late: by this alone, since of two messages
// about one step the server could take that one first which does not say so. Steps to other pages are Streamlit's.

class WayBack {
  constructor(root) {
    const { pathname } = location
    this.listener = event => {
      if (location.pathname !== pathname) return
      event.stopImmediatePropagation()
      root.tell("went", location.href)
    }
    window.addEventListener("popstate", this.listener, true)
  }

  leave() {
    window.removeEventListener("popstate", this.listener, true)
  }
}

export default function ({ parentElement, setTriggerValue }) {
  const root = parentElement.querySelector("span")
  root.tell = setTriggerValue
  return keep(root, () => new WayBack(root))
}
