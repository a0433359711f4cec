// Draws a redline: stretches of text, each [mark, text], by textContent alone, with what cannot be seen made visible.

const HIDDEN = new RegExp(
  "[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f" +
    "\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\u3164\\ufeff\\uffa0\\ufff9-\\ufffb\\u{e0000}-\\u{e007f}]" +
    // Joiners belong to emoji and to the scripts that join; elsewhere they only hide.
    "|\\u200d(?!\\p{Extended_Pictographic})(?<![\\p{L}--[\\p{ASCII}\\p{Script=Latin}\\p{Script=Cyrillic}]]\\u200d)" +
    "|\\u200c(?<![\\p{L}--[\\p{ASCII}\\p{Script=Latin}\\p{Script=Cyrillic}]]\\u200c)",
  "gv",
)
const NAMES = {
  0x202a: "left-to-right embedding", 0x202b: "right-to-left embedding", 0x202c: "end of direction",
  0x202d: "left-to-right override", 0x202e: "right-to-left override", 0x2066: "left-to-right isolate",
  0x2067: "right-to-left isolate", 0x2068: "first strong isolate", 0x2069: "end of isolate",
  0x200b: "zero-width space", 0x200e: "left-to-right mark", 0x200f: "right-to-left mark", 0xfeff: "zero-width no-break space",
  0xad: "soft hyphen",
}
const NEAR = 1 // unchanged paragraphs that stay in sight on each side of a change

function made(tag, kind, text) {
  const element = document.createElement(tag)
  if (kind) element.className = kind
  if (text !== undefined) element.textContent = text
  return element
}

function box(sign) {
  const code = sign.codePointAt(0)
  const shown = made("span", "sign", "U+" + code.toString(16).toUpperCase().padStart(4, "0"))
  shown.title = NAMES[code] ?? "invisible character"
  return shown
}

function write(into, text) {
  let from = 0
  for (const found of text.matchAll(HIDDEN)) {
    if (found.index > from) into.append(text.slice(from, found.index))
    into.append(box(found[0]))
    from = found.index + found[0].length
  }
  if (from < text.length) into.append(text.slice(from))
}

// A line break that came or went is shown as a sign of its own, since nothing else would be seen of it.
function changed(mark, text) {
  const element = made(mark === "added" ? "ins" : "del")
  text.split("\n").forEach((line, place) => {
    if (place) element.append(made("span", "break", "¶"), "\n")
    write(element, line)
  })
  return element
}

// A row ends where both texts have a line break, so that the two sides stand beside each other.
function rowsOf(stretches) {
  const rows = [{ pieces: [], same: true }]
  for (const [mark, text] of stretches) {
    if (mark !== "same") {
      rows.at(-1).pieces.push([mark, text])
      rows.at(-1).same = false
      continue
    }
    text.split("\n").forEach((line, place) => {
      if (place) rows.push({ pieces: [], same: true })
      if (line) rows.at(-1).pieces.push([mark, line])
    })
  }
  return rows
}

function cell(row, marks, name) {
  const paragraph = made("p", name)
  paragraph.dir = "auto"
  for (const [mark, text] of row.pieces) {
    if (!marks.includes(mark)) continue
    if (mark !== "same") paragraph.append(changed(mark, text))
    else write(paragraph.appendChild(made("span")), text)
  }
  return paragraph
}

function line(row, sides) {
  const element = made("div", row.same ? "row" : "row changed")
  if (!row.pieces.length) element.classList.add("blank")
  if (sides) element.append(cell(row, ["same", "removed"], "before"), cell(row, ["same", "added"], "after"))
  else element.append(cell(row, ["same", "removed", "added"]))
  return element
}

// Which rows stay in sight: those that changed, and what stands next to them.
function inSight(rows) {
  const kept = new Set()
  rows.forEach((row, place) => {
    if (row.same) return
    kept.add(place)
    for (const step of [-1, 1]) {
      for (let at = place + step, near = 0; near < NEAR && rows[at]; at += step) {
        kept.add(at)
        if (rows[at].pieces.length) near += 1
      }
    }
  })
  return kept
}

function fold(hidden, open) {
  const count = hidden.filter(row => row.pieces.length).length
  const button = made("button", "fold", count === 1 ? "1 paragraph unchanged" : `${count} paragraphs unchanged`)
  button.type = "button"
  button.title = "Show what did not change, too"
  button.onclick = open
  return button
}

// What each side is, for those who read from left to right and for those who hear it.
function namesOf(names) {
  const row = made("div", "row names")
  row.append(...names.map((name, side) => made("p", side ? "after" : "before", name)))
  return row
}

function drawText(body, text, sides, names) {
  const rows = rowsOf(text.stretches)
  const kept = body.unfolded ? null : inSight(rows)
  const shown = document.createDocumentFragment()
  if (sides && names) shown.append(namesOf(names))
  let hidden = []
  const close = () => {
    if (hidden.some(row => row.pieces.length)) {
      shown.append(fold(hidden, () => ((body.unfolded = true), drawText(body, text, sides, names))))
    }
    hidden = []
  }
  rows.forEach((row, place) => {
    if (kept && !kept.has(place)) return hidden.push(row)
    close()
    shown.append(line(row, sides))
  })
  close()
  body.classList.toggle("sides", Boolean(sides))
  body.replaceChildren(shown)
}

function counts(text) {
  const element = made("span", "counts")
  const words = (count, sign, kind, said) => {
    const part = made("span", kind)
    const seen = made("span", "", `${sign}${count}`)
    seen.setAttribute("aria-hidden", "true")
    part.append(seen, made("span", "unseen", `${count} ${count === 1 ? "word" : "words"} ${said}, `))
    return part
  }
  const unit = made("span", "", text.added + text.removed === 1 ? "word" : "words")
  unit.setAttribute("aria-hidden", "true")
  if (text.added) element.append(words(text.added, "+", "came", "added"))
  if (text.removed) element.append(words(text.removed, "−", "went", "removed"))
  element.append(unit)
  return element
}

// A value that came or went as a whole: a text, or the lines of an outline, whose breaks and blanks are not its own.
function whole(mark, value) {
  const paragraph = made("p")
  if (typeof value === "string") paragraph.append(changed(mark, value))
  else value?.forEach((line, place) => {
    const words = line.trimStart()
    paragraph.append("\n".repeat(place ? 1 : 0) + line.slice(0, line.length - words.length), changed(mark, words))
  })
  return paragraph
}

function drawFields(body, fields, sides) {
  const list = made("dl")
  for (const field of fields) {
    const value = made("dd")
    if (field.text) {
      drawText(value, field.text, sides)
    } else {
      const both = [whole("removed", field.before), whole("added", field.after)]
      value.append(...(sides ? both : both.filter(each => each.hasChildNodes())))
      value.classList.toggle("pair", Boolean(sides))
    }
    const name = made("dt")
    name.dir = "auto"
    write(name, field.path)
    list.append(name, value)
  }
  body.replaceChildren(list)
}

// Draws `shown` ({stretches, added, removed, coarse} or {fields}) into a section with a title and a body.
function drawRedline(section, shown, { label, sides, names }) {
  const stamp = JSON.stringify([shown, label, sides, names])
  if (section.stamp === stamp) return
  section.stamp = stamp
  const title = section.querySelector(".title")
  const body = section.querySelector(".body")
  const count = shown.fields?.length
  title.replaceChildren(made("span", "name", label))
  if (count) title.append(made("span", "counts", count === 1 ? "1 field" : `${count} fields`))
  else if (shown.added + shown.removed) title.append(counts(shown))
  const nothing = shown.fields ? !count : shown.stretches.every(([mark]) => mark === "same")
  section.querySelector(".remark").textContent = nothing
    ? "Nothing is changed."
    : shown.coarse ? "Some paragraphs are too long to compare word by word. They are shown whole." : ""
  if (nothing) body.replaceChildren()
  else if (shown.fields) drawFields(body, shown.fields, sides)
  else drawText(body, shown, sides, names)
}
