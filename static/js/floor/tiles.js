/* The six key figures. */

import { agents, campaigns, hour, now } from "./store.js"
import { AGENT_LOOKS, LINE_LOOKS } from "./looks.js"
import { Bar, count, html, percent, plural, total } from "./ui.js"

const AMBER_FROM = 0.8
const STATE_WORDS = {
  talking: "on call", reserved: "call coming", hold: "hold", wrapup: "wrap-up", preview: "preview", ready: "ready", paused: "paused", offline: "offline",
}
const BUSY_STATES = ["reserved", "talking", "hold", "wrapup", "preview"]

function Tile({ id, name, value, note, tone = "", children }) {
  return html`<div class="tile ${tone}" id=${id} role="group" aria-label=${name}>
    <span class="tile-name">${name}</span>
    <span class="tile-value">${value}</span>
    ${children}
    <span class="tile-note">${note}</span>
  </div>`
}

function Parts({ looks, counts, labels }) {
  const parts = Object.entries(looks).map(([key, look]) => ({ key, tone: look.tone, value: counts[key] ?? 0 }))
  const present = parts.filter((part) => part.value)
  return html`<${Bar} parts=${parts} />
    <ul class="legend">
      ${present.map((part) => html`<li key=${part.key}><span class="dot ${part.tone}"></span>${part.value} ${labels[part.key]}</li>`)}
    </ul>`
}

function countBy(values) {
  const counts = {}
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1
  return counts
}

function AgentsTile() {
  const signedIn = Object.values(agents.value).filter((agent) => agent.state !== "offline")
  return html`<${Tile} id="tile-agents" name="Agents" value=${signedIn.length} note=${signedIn.length ? "" : "nobody is signed in"}>
    <${Parts} looks=${AGENT_LOOKS} counts=${countBy(signedIn.map((agent) => agent.state))} labels=${STATE_WORDS} />
  <//>`
}

const STAGE_WORDS = { placed: "placed", ringing: "ringing", answered: "waiting", connected: "talking", message: "hear the message" }

function LinesTile() {
  const counts = {}
  for (const campaign of campaigns.value) {
    for (const [stage, value] of Object.entries(campaign.lines ?? {})) counts[stage] = (counts[stage] ?? 0) + value
  }
  const used = total(counts)
  return html`<${Tile} id="tile-lines" name="Lines" value=${used} note=${used ? "" : "no call is up"}>
    <${Parts} looks=${LINE_LOOKS} counts=${counts} labels=${STAGE_WORDS} />
  <//>`
}

export function abandonedTone(share, limit) {
  if (share > limit) return "bad"
  return share >= AMBER_FROM * limit && share > 0 ? "warn" : ""
}

/** Over what the law counts: the same for all campaigns, or said of each in its panel. */
export function overWhat(shown) {
  const spans = new Set(shown.map((campaign) => campaign.measured_over))
  return spans.size === 1 ? [...spans][0] : "as the law counts"
}

/** Without a figure from an engine nothing is said of what happened. */
const unknown = (words) => (campaigns.value.every((campaign) => campaign.idle) ? "no campaign was run by an engine yet" : words)

function AbandonedTile() {
  const measured = campaigns.value.filter((campaign) => campaign.answered_30d)
  const used = ({ abandon_share: share, abandon_limit: limit }) => (share ? share / (limit || Number.EPSILON) : 0)
  const worst = measured.sort((a, b) => used(b) - used(a))[0]
  const name = `Abandoned, ${overWhat(campaigns.value)}`
  if (!worst) return html`<${Tile} id="tile-abandoned" name=${name} value="–" note=${unknown("nobody has answered yet")} />`
  const tone = abandonedTone(worst.abandon_share, worst.abandon_limit)
  const warning = { bad: "over the limit: ", warn: "near the limit: ", "": "" }[tone]
  return html`<${Tile} id="tile-abandoned" tone=${tone} name=${name}
    value=${percent(worst.abandon_share, 2)}
    note="${warning}${count(worst.abandoned_30d)} of ${count(worst.answered_30d)} answered; limit ${percent(worst.abandon_limit)}${campaigns.value.length > 1 ? ` (${worst.name}, highest)` : ""}">
    <${Bar} whole=${worst.abandon_limit} parts=${[{ tone: tone || "good", value: Math.min(worst.abandon_share, worst.abandon_limit) }]} />
  <//>`
}

function AnswerTile() {
  const sum = (name) => campaigns.value.reduce((all, campaign) => all + (campaign.today?.[name] ?? 0), 0)
  const [placed, answered] = [sum("placed"), sum("answered")]
  if (!placed) return html`<${Tile} id="tile-answer" name="Answer rate, today" value="–" note=${unknown("no call placed today")} />`
  return html`<${Tile} id="tile-answer" name="Answer rate, today" value=${percent(answered / placed)}
    note="${count(answered)} of ${count(placed)} placed; ${count(sum("connected"))} connected">
    <${Bar} whole=${placed} parts=${[{ tone: "accent", value: answered }]} />
  <//>`
}

function OccupancyTile() {
  const all = Object.values(agents.value)
  const ready = all.filter((agent) => agent.state === "ready")
  const busy = all.filter((agent) => BUSY_STATES.includes(agent.state)).length
  if (!ready.length && !busy) return html`<${Tile} id="tile-occupancy" name="Occupancy, now" value="–" note="nobody is ready or on a call" />`
  const waited = ready.reduce((sum, agent) => sum + Math.max(0, now.value - agent.since), 0)
  const wait = ready.length ? `${plural(ready.length, "agent")} ready, waiting ${Math.round(waited / ready.length)} s on average` : "nobody waits for a call"
  return html`<${Tile} id="tile-occupancy" name="Occupancy, now" value=${percent(busy / (busy + ready.length), 0)} note=${wait}>
    <${Bar} whole=${busy + ready.length} parts=${[{ tone: "accent", value: busy }]} />
  <//>`
}

function HourTile() {
  if (!hour.value) return html`<${Tile} id="tile-hour" name="Calls an hour" value="–" note="counting" />`
  const sum = (values) => values.reduce((all, value) => all + value, 0)
  return html`<${Tile} id="tile-hour" name="Calls an hour" value=${count(sum(hour.value.placed))}
    note="${count(sum(hour.value.connected))} connected, ${count(sum(hour.value.abandoned))} abandoned in the last 60 min" />`
}

export const Tiles = () => html`<section class="tiles floor-tiles" aria-label="Key figures">
  <${AgentsTile} /><${LinesTile} /><${AbandonedTile} /><${AnswerTile} /><${OccupancyTile} /><${HourTile} />
</section>`
