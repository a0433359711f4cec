// What models are writing: words are added where they come, and who has scrolled back is not pulled to the end again.

const NEAR = 32 // pixels from the end that still count as being there

function make(id) {
  const item = document.createElement("div")
  item.className = "text"
  item.dataset.id = id
  const head = document.createElement("header")
  const dot = document.createElement("i")
  dot.setAttribute("aria-hidden", "true")
  head.append(dot, document.createElement("b"), document.createElement("span"))
  const box = document.createElement("div")
  box.className = "box"
  box.tabIndex = 0
  box.setAttribute("role", "region")
  const words = document.createElement("p")
  words.dir = "auto"
  box.append(words)
  item.append(head, box)
  return item
}

function fill(item, { node, text, cut }) {
  const box = item.querySelector(".box")
  const words = box.querySelector("p")
  item.querySelector("b").textContent = node
  item.querySelector("header span").textContent = cut ? "writes; the end of it" : "writes"
  box.setAttribute("aria-label", `What ${node} writes`)
  const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR
  const known = words.textContent
  if (text.startsWith(known)) words.append(text.slice(known.length))
  else words.textContent = text
  if (atEnd) box.scrollTop = box.scrollHeight
}

export default function ({ data, parentElement }) {
  const list = parentElement.querySelector(".texts")
  const said = parentElement.querySelector(".unseen")
  if (said.textContent !== data.said) said.textContent = data.said
  const known = new Map([...list.children].map(item => [item.dataset.id, item]))
  for (const text of data.texts) {
    const item = known.get(text.id) ?? list.appendChild(make(text.id))
    fill(item, text)
    known.delete(text.id)
  }
  known.forEach(item => item.remove())
}
