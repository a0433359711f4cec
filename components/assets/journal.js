// What was typed on this device and not acknowledged by the server, by who typed it and in which document.

const OLD = 30 * 24 * 3600 * 1000 // ms after which a journal that nobody opened is dropped
const HOME = "countersign:typed:"

// Not for secrets: tells whether two texts are the same without keeping both.
function mark(text) {
  let hash = 2166136261
  for (let place = 0; place < text.length; place++) hash = Math.imul(hash ^ text.charCodeAt(place), 16777619)
  return `${text.length}:${hash >>> 0}`
}

// Storage may be full, or forbidden; then the server alone keeps the text, and the status does not promise more.
const journal = {
  key: (user, id) => HOME + JSON.stringify([user, id]),
  read(user, id) {
    try {
      return JSON.parse(localStorage.getItem(this.key(user, id)))
    } catch {
      return null
    }
  },
  write(user, id, entry) {
    try {
      localStorage.setItem(this.key(user, id), JSON.stringify(entry))
      return true
    } catch {
      return false
    }
  },
  clear(user, id, text) {
    if (this.read(user, id)?.text === text) localStorage.removeItem(this.key(user, id))
  },
  // What was typed before a name was given is that person's from then on, and nobody else's.
  move(from, to, id) {
    const entry = this.read(from, id)
    if (entry && this.write(to, id, entry)) localStorage.removeItem(this.key(from, id))
  },
  sweep() {
    try {
      for (const key of Object.keys(localStorage).filter(each => each.startsWith(HOME))) {
        if (!(JSON.parse(localStorage.getItem(key))?.at > Date.now() - OLD)) localStorage.removeItem(key)
      }
    } catch {
      return
    }
  },
}

