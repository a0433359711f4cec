// Back and Forward of the browser are told apart from an address that is only late. This is heard before Streamlit hears
// of it, so that what it has to say of the address comes after.

class WayBack {
  constructor(root) {
    this.root = root
    this.listener = () => this.root.tell("went", location.href)
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
