// The list of all keys: those that do something now, then the others.

function made(tag, text) {
  const element = document.createElement(tag)
  element.textContent = text
  return element
}

function line(key) {
  const row = document.createElement("div")
  const name = document.createElement("dt")
  name.append(...key.shown.split("+").map(part => made("kbd", part)))
  row.append(name, made("dd", key.label))
  return row
}

// One whose button is missing or disabled does nothing now.
const works = key => key.heard && Boolean(key.button ? buttonOf(key.button) : !key.mark || document.querySelector(marked(key.mark)))

function fill(dialog, keys) {
  const later = keys.filter(each => !works(each))
  dialog.querySelector(".now").replaceChildren(...keys.filter(works).map(line))
  dialog.querySelector(".later").replaceChildren(...later.map(line))
  dialog.querySelector("section").hidden = !later.length
}

