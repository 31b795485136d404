/* A campaign's settings: what the chosen method uses is shown, and what changes of how it dials is asked before and after. */

const form = document.getElementById("campaign-settings")
const question = document.getElementById("before-after")
const method = form.elements.method
const LIVE = ["method", "dial_ratio", "abandon_percent", "target_percent", "line_limit"]
const EMPTY = { target_percent: "the limit" }

function showMethod() {
  for (const part of form.querySelectorAll("[data-method]")) part.hidden = part.dataset.method !== method.value
}

const words = (field, value) => (field === method ? [...field.options].find((option) => option.value === value).text : value || EMPTY[field.name] || "none")
const saved = (field) => (field === method ? ([...field.options].find((option) => option.defaultSelected) ?? field.options[0]).value : field.defaultValue)

/** [label, before, after] of each live setting that differs from what the page showed first. */
function changes() {
  return LIVE.map((name) => form.elements[name])
    .filter((field) => field.value !== saved(field))
    .map((field) => [field.labels[0].firstChild.textContent.trim(), words(field, saved(field)), words(field, field.value)])
}

function ask(found) {
  const rows = found.map((cells) => {
    const row = document.createElement("tr")
    cells.forEach((text, place) => {
      const cell = document.createElement(place ? "td" : "th")
      if (!place) cell.scope = "row"
      cell.textContent = text
      row.append(cell)
    })
    return row
  })
  question.querySelector("tbody").replaceChildren(...rows)
  question.showModal()
}

form.addEventListener("submit", (event) => {
  const found = changes()
  if (!found.length) return
  event.preventDefault()
  ask(found)
})
document.getElementById("save-now").addEventListener("click", () => form.submit())
method.addEventListener("change", showMethod)
showMethod()
