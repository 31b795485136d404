/* The floor's head: freshness, full screen, and the switch that stops all dialing. */

import { announcement, busy, command, config, freshness, gateProblems, liveCalls, question, silentFor, stopped } from "./store.js"
import { Badge, Icon, clock, html, plural, timeOfDay } from "./ui.js"

const FRESHNESS = {
  live: () => ["good", "signal", "Live"],
  slow: () => ["warn", "hourglass", "Slow connection"],
  silent: () => ["", "clock", silentFor.value === null ? "No dialing engine runs" : `Engine silent for ${clock(silentFor.value)}`],
  waiting: () => ["", "clock", "Not connected, trying again"],
  closed: () => ["bad", "alert", "Closed: load the page again"],
}

function Freshness() {
  const [tone, icon, words] = FRESHNESS[freshness.value]()
  return html`<span id="freshness"><${Badge} tone=${tone} icon=${icon}>${words}<//></span>`
}

function askStop() {
  const calls = liveCalls.value
  question.value = {
    title: "Stop all dialing?",
    words: `${plural(calls, "call")} ${calls === 1 ? "is" : "are"} live now. Those that nobody has answered yet are cancelled; talks go on to their end. No campaign places a call until you let it.`,
    action: "Stop all dialing",
    run: () => command("stop_all", {}, (data) => `All dialing is stopped. The records show ${plural(data.live_calls, "live call")}.`),
  }
}

function Switch() {
  if (stopped.value) {
    return html`<button class="button primary" disabled=${busy.value} onClick=${() => command("resume_all", {}, "Dialing goes on.")}>
      <${Icon} name="play" /> Let dialing go on
    </button>`
  }
  return html`<button class="button danger-quiet" disabled=${busy.value} onClick=${askStop}><${Icon} name="power" /> Stop all dialing</button>`
}

function StopNotice() {
  const stop = stopped.value
  if (!stop) return null
  return html`<div class="notice bad" id="stopped"><${Icon} name="power" />
    <div><strong>All dialing is stopped</strong> since ${timeOfDay(stop.at, config.timeZone)} by ${stop.by}.${freshness.value === "live" ? ` ${plural(liveCalls.value, "call")} still live.` : ""}</div>
  </div>`
}

const PROBLEMS_SHOWN = 3

function GateNotice() {
  const words = gateProblems.value
  if (words.length === 0) return null
  const list = (part) => part.map((each) => html`<p key=${each}>${each}</p>`)
  return html`<div class="notice warn" id="gate-problems"><${Icon} name="shield" />
    <div>${list(words.slice(0, PROBLEMS_SHOWN))}
      ${words.length > PROBLEMS_SHOWN && html`<details><summary>${plural(words.length - PROBLEMS_SHOWN, "more problem")} of the gate</summary>${list(words.slice(PROBLEMS_SHOWN))}</details>`}</div>
  </div>`
}

function toggleFullScreen() {
  if (document.fullscreenElement) document.exitFullscreen()
  else document.documentElement.requestFullscreen()
}

export const Head = () => html`
  <div class="page-head">
    <div class="toolbar"><h1>Floor</h1><${Freshness} /></div>
    <div class="toolbar">
      <button class="button icon-only" aria-label="Full screen" title="Full screen" onClick=${toggleFullScreen}><${Icon} name="expand" /></button>
      ${config.mayRun && html`<${Switch} />`}
    </div>
  </div>
  <${StopNotice} />
  <${GateNotice} />
  <p class="visually-hidden" role="status" aria-live="polite">${announcement}</p>
`
