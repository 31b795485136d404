/* What may be done to a campaign: start, pause, drain, stop. */

import { busy, command, question } from "./store.js"
import { Icon, html, plural, total } from "./ui.js"

const ACTIONS = {
  stopped: ["start"],
  running: ["pause", "drain", "stop"],
  paused: ["start", "drain", "stop"],
  draining: ["start", "stop"],
}
const WORDS = {
  start: { icon: "play", label: "Start", done: "dials" },
  pause: { icon: "pause", label: "Pause", done: "is paused: no new calls, agents stay" },
  drain: { icon: "drain", label: "Drain", done: "drains: no new calls, stopped when the last has ended" },
  stop: { icon: "stop", label: "Stop", done: "is stopped" },
}
const UNANSWERED = ["placed", "ringing"]

function stopQuestion(campaign) {
  const unanswered = UNANSWERED.reduce((sum, stage) => sum + (campaign.lines?.[stage] ?? 0), 0)
  return {
    title: `Stop “${campaign.name}”?`,
    words: `${plural(unanswered, "call")} that nobody has answered yet ${unanswered === 1 ? "is" : "are"} cancelled now; ${plural(total(campaign.lines) - unanswered, "answered call")} go on to the end.`,
    action: "Stop",
  }
}

function act(campaign, name) {
  const run = () => command(name, { campaign: campaign.id }, `${campaign.name} ${WORDS[name].done}.`)
  if (name === "stop") question.value = { ...stopQuestion(campaign), run }
  else run()
}

export function Actions({ campaign }) {
  return html`<div class="toolbar actions">
    ${ACTIONS[campaign.status].map((name) => {
      const { icon, label } = WORDS[name]
      return html`<button key=${name} class="button small ${name === "stop" ? "danger-quiet" : ""}" disabled=${busy.value}
        aria-label="${label} ${campaign.name}" onClick=${() => act(campaign, name)}><${Icon} name=${icon} /> ${label}</button>`
    })}
  </div>`
}
