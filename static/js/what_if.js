/* Shows how far a simulation is, and loads the page again when it has ended. */

const POLL_MS = 700
const PERCENT = 100
const box = document.getElementById("progress")
const bar = box.querySelector("progress")
const words = box.querySelector(".progress-words span:last-child")

function left(seconds) {
  if (seconds === null) return ""
  if (seconds < 60) return `, about ${Math.ceil(seconds)} s left`
  return `, about ${Math.ceil(seconds / 60)} min left`
}

async function look() {
  const answer = await fetch(box.dataset.url, { headers: { accept: "application/json" } })
  if (!answer.ok) throw new Error(`The server answered ${answer.status}`)
  const state = await answer.json()
  if (!state.running) return location.reload()
  bar.value = state.done
  words.textContent = state.begun ? `${Math.floor(state.done * PERCENT)} %${left(state.seconds_left)}` : "waiting for a worker"
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
