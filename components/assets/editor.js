// An editor that loses nothing. What is typed stands in its outbox, and in this device's journal, until the server has
// acknowledged that very text.

const PAUSE = 300 // ms after the last key until it is reported
const LATE = 5000 // ms after which an answer is overdue

const clock = at => new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })

function ago(at) {
  const seconds = Math.max(0, Math.round((Date.now() - at) / 1000))
  if (seconds < 60) return `${seconds} s ago`
  return seconds < 3600 ? `${Math.floor(seconds / 60)} min ago` : `at ${clock(at)}`
}

function connected() {
  const state = document.querySelector("[data-testid='stApp']")?.dataset.testConnectionState
  return !cut() && (state === undefined || state === "CONNECTED")
}

class Editor {
  constructor(root) {
    this.root = root
    this.part = name => root.querySelector(`.${name}`)
    this.area = root.querySelector("textarea")
    this.outbox = new Outbox()
    this.area.oninput = () => this.typed()
    this.area.onblur = () => this.left()
    this.area.onkeydown = event => this.key(event)
    this.clock = setInterval(() => this.tick(), 1000)
    journal.sweep()
  }

  // What was typed into the document on screen and is not acknowledged.
  get entry() {
    return this.outbox.unsaved.get(this.document)
  }

  // What the server says on each of its runs.
  take(data, send) {
    const before = this.data?.user
    if (before === "" && data.user) for (const id of this.outbox.unsaved.keys()) journal.move(before, data.user, id)
    this.data = data
    this.send = send
    this.dress()
    this.settle()
    if (data.document !== this.document) this.open()
    else if (data.revision !== this.revision) this.follow()
    // Another session knows nothing of what the one before was told, and may show what nobody has read.
    if (this.session && this.session !== data.session) {
      this.outbox.submitted = undefined
      this.report()
    }
    this.session = data.session
    this.draw()
  }

  dress() {
    this.part("label").textContent = this.data.label
    this.area.style.minHeight = `${this.data.height}px`
    this.part("hint").hidden = !this.data.submits
  }

  settle() {
    for (const [id, text] of this.outbox.settle(this.data)) {
      journal.clear(this.data.user, id, text)
      if (id === this.document) this.savedAt = Date.now()
    }
  }

  open() {
    if (this.timer) this.report()
    this.outbox.submitted = undefined
    this.document = this.root.dataset.document = this.data.document
    this.revision = this.data.revision
    this.savedAt = this.data.saved_at && this.data.saved_at * 1000
    this.waiting = undefined
    this.notice()
    this.show(this.entry ? this.entry.text : this.data.text)
    if (!this.entry) this.recover()
  }

  // What this device has typed and the server never acknowledged: taken up again where nothing newer was saved since.
  recover() {
    const { user, text, saved_at } = this.data
    const kept = journal.read(user, this.document)
    if (!kept || kept.text === text) return kept && journal.clear(user, this.document, text)
    const newer = !saved_at || kept.saved_at === saved_at || kept.reported === mark(text) || kept.at > saved_at * 1000
    const drop = ["Discard", () => this.replace(text)]
    if (newer) {
      this.replace(kept.text, kept.at)
      this.notice(`Recovered what you typed at ${clock(kept.at)}.`, drop)
    } else {
      const forget = ["Discard", () => journal.clear(user, this.document, kept.text)]
      const back = ["Bring it back", () => this.replace(kept.text)]
      this.notice(`What you typed here at ${clock(kept.at)} was never saved; this text is newer.`, back, forget)
    }
  }

  // Another text for the same document: from another device, or a draft that was revised.
  follow() {
    this.revision = this.data.revision
    const { text } = this.data
    this.savedAt = this.data.saved_at ? this.data.saved_at * 1000 : this.savedAt
    if (text === this.area.value || this.entry && this.outbox.reported.has(mark(text))) return
    if (!this.entry && !this.focused()) return this.show(text)
    this.waiting = text
    this.notice("A newer text has arrived. Yours is kept.", ["Show the newer", () => this.replace(text)], ["Keep mine", () => {}])
  }

  typed(at = Date.now()) {
    this.waiting = undefined
    this.outbox.put(this.document, this.area.value)
    this.keep(at)
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.report(), PAUSE)
    this.grow()
    this.tell()
  }

  keep(at) {
    const { user, saved_at } = this.data
    const entry = { text: this.area.value, at, saved_at, reported: this.lastReported }
    this.journalled = journal.write(user, this.document, entry)
  }

  // As if typed: reported, saved, kept on this device.
  replace(text, at) {
    this.show(text)
    this.typed(at)
  }

  show(text) {
    this.area.value = text
    this.grow()
  }

  left() {
    if (this.timer) this.report()
    if (this.waiting !== undefined && !this.entry) {
      this.show(this.waiting)
      this.waiting = undefined
      this.notice()
    }
  }

  report() {
    clearTimeout(this.timer)
    this.timer = undefined
    this.countWords()
    if (this.outbox.empty || !connected()) return this.tell()
    if (this.entry) this.lastReported = mark(this.entry.text)
    this.send("said", this.outbox.report())
    this.tell()
  }

  tick() {
    const here = connected()
    if (here && !this.wasHere) this.outbox.renew()
    this.wasHere = here
    if (here && !this.timer && this.outbox.late) this.report()
    else this.tell()
  }

  key(event) {
    if (event.isComposing) return
    const submits = event.key === "Enter" && (event.ctrlKey || event.metaKey)
    if (!submits && event.key !== "Escape") return
    // Nothing else on the page may take this key for its own.
    event.preventDefault()
    event.stopPropagation()
    if (!submits) return this.area.blur()
    if (this.data.submits && connected()) this.outbox.submit(this.document, this.area.value)
    this.report()
  }

  focused() {
    return this.area.getRootNode().activeElement === this.area && document.hasFocus()
  }

  leave() {
    clearInterval(this.clock)
    clearTimeout(this.timer)
  }

  // The rest is drawing.

  grow() {
    if (CSS.supports("field-sizing", "content")) return
    this.area.style.height = "auto"
    this.area.style.height = `${this.area.scrollHeight}px`
  }

  countWords() {
    const count = this.area.value.split(/\s+/).filter(each => /[\p{L}\p{N}]/u.test(each)).length // "##" is none
    this.part("words").textContent = `${count.toLocaleString("en")} ${count === 1 ? "word" : "words"}`
  }

  notice(text, ...choices) {
    const place = this.part("notice")
    place.hidden = !text
    const buttons = choices.map(([name, act]) => {
      const button = made("button", "", name)
      button.type = "button"
      button.onclick = () => {
        this.notice()
        act()
        this.area.focus()
      }
      return button
    })
    place.replaceChildren(made("span", "", text ?? ""), ...buttons)
  }

  state() {
    const { entry } = this
    const safe = this.journalled ? " Your text is kept on this device." : " Do not close this page."
    if (!entry) return this.savedAt ? ["saved", `Saved ${ago(this.savedAt)}`] : ["idle", "Saves as you type"]
    if (!connected()) return ["bad", "Not saved: the server is away." + safe]
    if (entry.refused) return ["bad", `Not saved: ${entry.refused}`]
    if (Date.now() - entry.since > LATE) return ["bad", "Not saved yet: the server does not answer." + safe]
    return ["saving", "Saving…"]
  }

  tell() {
    const [kind, said] = this.state()
    const status = this.part("status")
    this.part("said").textContent = said
    if (status.dataset.kind === kind) return
    status.dataset.kind = kind
    // What ticks is not read out; what turned out badly, and that it is well again, is.
    const before = this.badly
    this.badly = kind === "bad" || (this.badly && kind === "saving")
    if (kind === "bad" || (before && kind === "saved")) this.part("announced").textContent = kind === "bad" ? said : "Saved."
  }

  draw() {
    this.countWords()
    this.tell()
    const section = this.part("redline")
    section.hidden = !this.data.changes
    if (this.data.changes) drawRedline(section, this.data.changes, { label: "Changes" })
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".desk")
  root.editor ??= new Editor(root)
  root.editor.take(data, setTriggerValue)
  // Streamlit also calls this for a renewal that another one has overtaken, with the part still on the page.
  return () => root.isConnected || root.editor.leave()
}
