/* Shows how far a running import is, and loads the page again when it has ended. */

const POLL_MS = 700
const box = document.getElementById("progress")
const bar = box.querySelector("progress")
const words = box.querySelector(".progress-words span:last-child")
const number = new Intl.NumberFormat("en")

function left(seconds) {
  if (seconds === null) return ""
  if (seconds < 60) return `, ${Math.ceil(seconds)} s left`
  return `, ${Math.ceil(seconds / 60)} min left`
}

async function look() {
  const answer = await fetch(box.dataset.url, { headers: { accept: "application/json" } })
  if (!answer.ok) throw new Error(`The server answered ${answer.status}`)
  const state = await answer.json()
  if (!state.running) return location.reload()
  bar.max = Math.max(state.rows_total, 1)
  bar.value = Math.min(state.rows_done, bar.max)
  const rate = state.rows_done ? `${number.format(state.rows_a_second)} rows/s${left(state.seconds_left)}` : "waiting for a worker"
  words.textContent = `${number.format(state.rows_done)} rows, ${rate}`
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
