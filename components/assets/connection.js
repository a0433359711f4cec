// The banner of a page whose server is away. Streamlit tells how its connection stands by an attribute of its frame.

const HICCUP = 1000 // ms without the server that nobody need be told of
const KEPT = 2500 // ms for which it is told that the server is back
const AWAY = "M3 3l18 18M9.5 6.2A5.5 5.5 0 0 1 17.5 10a4 4 0 0 1 2.9 6.3M6.6 9.2A5 5 0 0 0 7 19h10"
const BACK = "M5 12.5l4.5 4.5L19 7.5"
const SAID = {
  away: [AWAY, "The server is away.",
    "What you type stays on this device; the page goes on by itself when the server is back."],
  ended: [AWAY, "The server has ended the connection.", "What you typed is kept on this device."],
  back: [BACK, "The server is back.", ""],
}

const frame = () => document.querySelector("[data-testid='stApp']")

function stands() {
  const state = frame()?.dataset.testConnectionState
  if (state === "DISCONNECTED_FOREVER") return "ended"
  return cut() || !(state === undefined || state.endsWith("CONNECTED")) ? "away" : "here"
}

// Streamlit's dialog tells reviewers to start Streamlit again in their terminal, and takes the keys from what they write.
const theirs = () => [...document.querySelectorAll("[data-testid='stDialog']")]
  .filter(dialog => /^\s*Connection error/.test(dialog.textContent))

function innermost(element) {
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement
  return element
}

class Banner {
  constructor(element) {
    this.element = element
    this.told = "here"
    element.querySelector("button").onclick = () => location.reload()
    this.look = () => this.see()
    this.frames = new MutationObserver(this.look)
    this.dialogs = new MutationObserver(() => this.closeTheirs())
    this.focus = event => event.target.closest("[data-testid='stDialog']") || (this.held = event.composedPath()[0])
    this.blur = event => event.relatedTarget ?? (this.held = undefined)
    this.frames.observe(frame(), { attributeFilter: ["data-test-connection-state"] })
    addEventListener("online", this.look)
    addEventListener("offline", this.look)
    this.see()
  }

  see() {
    const now = stands()
    clearTimeout(this.timer)
    if (now === "here") {
      this.guard(false)
      if (this.told === "away" || this.told === "ended") this.tell("back")
      if (this.told === "back") this.timer = setTimeout(() => this.tell("here"), KEPT)
      return
    }
    this.guard(true)
    this.timer = setTimeout(() => this.tell(now), this.told === "away" ? 0 : HICCUP)
  }

  guard(on) {
    if (this.guards === on) return
    this.guards = on
    this.held = innermost(document.activeElement)
    const listen = on ? "addEventListener" : "removeEventListener"
    document[listen]("focusin", this.focus)
    document[listen]("focusout", this.blur)
    if (on) this.dialogs.observe(document.body, { childList: true, subtree: true })
    else this.dialogs.disconnect()
  }

  // All of it in the task that brought the dialog, so that no key is lost on the way.
  closeTheirs() {
    const [dialog] = theirs()
    if (dialog) {
      this.closes ??= this.held
      dialog.querySelector("button[aria-label='Close']")?.click()
    } else if (this.closes) {
      this.closes.focus({ preventScroll: true })
      this.closes = undefined
    }
  }

  tell(what) {
    this.told = what
    const [icon, first, rest] = SAID[what] ?? ["", "", ""]
    this.element.querySelector("path").setAttribute("d", icon)
    this.element.querySelector("b").textContent = first
    this.element.querySelector("span").textContent = rest
    this.element.className = what === "here" ? "banner" : `banner shown ${what}`
    if ((what !== "here") !== this.element.matches(":popover-open")) this.element.togglePopover()
  }

  leave() {
    clearTimeout(this.timer)
    this.guard(false)
    this.frames.disconnect()
    removeEventListener("online", this.look)
    removeEventListener("offline", this.look)
  }
}

export default function ({ parentElement }) {
  const element = parentElement.querySelector(".banner")
  element.banner ??= new Banner(element)
  // Streamlit also calls this for a renewal that another one has overtaken, with the part still on the page.
  return () => {
    if (element.isConnected) return
    element.banner?.leave()
    element.banner = undefined
  }
}
