/* Shows how far the load of a do-not-call list is, and loads the page again when it has ended. */

const POLL_MS = 700
const MEGABYTE = 1e6
const box = document.getElementById("progress")
const bar = box.querySelector("progress")
const words = box.querySelector(".progress-words span:last-child")
const number = new Intl.NumberFormat("en", { maximumFractionDigits: 1 })

async function look() {
  const answer = await fetch(box.dataset.url, { headers: { accept: "application/json" } })
  if (!answer.ok) throw new Error(`The server answered ${answer.status}`)
  const state = await answer.json()
  if (!state.running) return location.reload()
  bar.max = Math.max(state.total, 1)
  bar.value = Math.min(state.done, bar.max)
  const size = `${number.format(state.done / MEGABYTE)} of ${number.format(state.total / MEGABYTE)} MB`
  words.textContent = state.loading ? size : "waiting for a worker"
}

async function watch() {
  try {
    await look()
  } catch {
    words.textContent = "The server cannot be reached; trying again."
  }
  setTimeout(watch, POLL_MS)
}

watch()
