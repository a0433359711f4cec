// What the server has not acknowledged: the texts, by document, and that one was submitted. It is reported again and
// again until the server has acknowledged that very text. Each report says all that is not acknowledged: of two that
// reach a busy server, Streamlit drops the first.

class Outbox {
  constructor() {
    this.unsaved = new Map()
    this.reported = new Set()
    this.page = Math.random().toString(36).slice(2)
    this.count = this.presses = 0
  }

  put(id, text) {
    this.unsaved.set(id, { text, stamp: this.stamp(++this.count), tries: 0, since: Date.now() })
  }

  submit(id, text) {
    const press = this.stamp(++this.presses)
    this.submitted = { document: id, text, stamp: this.stamp(this.count), press, tries: 1 }
  }

  // Told by the server; returns what it has saved by now, as pairs of a document and its text.
  settle({ acknowledged, refused, heard }) {
    const saved = []
    for (const [id, stamp] of Object.entries(acknowledged)) {
      const entry = this.unsaved.get(id)
      if (entry?.stamp !== stamp) continue
      this.unsaved.delete(id)
      saved.push([id, entry.text])
    }
    for (const [id, [stamp, sentence]] of Object.entries(refused)) {
      const entry = this.unsaved.get(id)
      if (entry?.stamp === stamp) entry.refused = sentence
    }
    if (heard === this.submitted?.press) this.submitted = undefined
    return saved
  }

  get empty() {
    return !(this.unsaved.size || this.submitted)
  }

  report() {
    const typed = [...this.unsaved].map(([id, entry]) => {
      Object.assign(entry, { sent: Date.now(), tries: entry.tries + 1 })
      this.reported.add(mark(entry.text))
      return { document: id, text: entry.text, stamp: entry.stamp }
    })
    if (this.submitted) this.submitted.sent = Date.now()
    return { typed, submitted: this.submitted ?? null }
  }

  // The server is there again, and is given its time.
  renew() {
    for (const entry of this.unsaved.values()) Object.assign(entry, { sent: Date.now(), tries: 0 })
  }

  // Whether something was reported so long ago that it has to be again.
  get late() {
    const due = entry => Date.now() - (entry.sent ?? 0) > Math.min(30000, 1500 * 2 ** entry.tries)
    return [...this.unsaved.values(), ...(this.submitted ? [this.submitted] : [])].some(due)
  }

  stamp(number) {
    return `${this.page}-${number}`
  }
}
