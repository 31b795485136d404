/* Trunks with why they rest, nodes with their room, and what the gate refused. */

import { computed } from "@preact/signals"

import { campaigns, config, nodes, now, trunks } from "./store.js"
import { Badge, Bar, Icon, clock, count, html, plural } from "./ui.js"

function Trunk({ trunk }) {
  const resting = trunk.state === "resting"
  const failures = Object.entries(trunk.failures ?? {}).sort((a, b) => b[1] - a[1])
  return html`<li data-trunk=${trunk.id}>
    <div class="line"><strong>${trunk.name}</strong>
      <span class="toolbar"><span class="tile-note number">${plural(trunk.calls ?? 0, "call")}</span>
      ${resting ? html`<${Badge} tone="warn" icon="pause">Resting<//>` : html`<${Badge} tone="good" icon="check">In use<//>`}</span></div>
    ${resting && html`<p class="small-text">${trunk.why}${trunk.until ? `. Tried again in ${clock(trunk.until - now.value)}.` : ""}</p>`}
    ${failures.length > 0 && html`<p class="tile-note">Failures: ${failures.map(([code, times]) => `${code} × ${count(times)}`).join(", ")}</p>`}
  </li>`
}

const KINDS = { line: "Line node", media: "Media node", pace: "Pacing daemon", practice: "Practice" }

function Node({ node }) {
  return html`<li>
    <div class="line"><span>${KINDS[node.kind] ?? node.kind} <span class="soft">${node.id}</span></span>
      <span class="number">${node.draining ? html`<${Badge} tone="hold" icon="drain">Draining<//> ` : ""}${node.used} of ${node.capacity}</span></div>
    <${Bar} whole=${node.capacity} parts=${[{ tone: node.used >= node.capacity ? "warn" : "accent", value: node.used }]} />
  </li>`
}

export function Carriers() {
  const [shownTrunks, shownNodes] = [Object.values(trunks.value), Object.values(nodes.value)]
  return html`<section class="card" aria-labelledby="carriers-title">
    <h2 id="carriers-title">Trunks and nodes</h2>
    ${shownTrunks.length === 0 && shownNodes.length === 0
      ? html`<p class="small-text soft">They show here as soon as a campaign runs.${config.urls.trunks ? html` <a href=${config.urls.trunks}>Look at the trunks</a>` : ""}</p>`
      : html`<ul class="plain">${shownTrunks.map((trunk) => html`<${Trunk} key=${trunk.id} trunk=${trunk} />`)}
          ${shownNodes.map((node) => html`<${Node} key=${node.id} node=${node} />`)}</ul>`}
  </section>`
}

const refused = computed(() => {
  const reasons = {}
  for (const campaign of campaigns.value) {
    for (const [reason, times] of Object.entries(campaign.refused ?? {})) reasons[reason] = (reasons[reason] ?? 0) + times
  }
  return Object.entries(reasons).sort((a, b) => b[1] - a[1])
})

function Reason({ reason }) {
  const words = config.labels.refused[reason] ?? reason
  return config.urls.decisions ? html`<a href="${config.urls.decisions}?reason=${reason}">${words}</a>` : html`<span>${words}</span>`
}

export function Refusals() {
  const most = refused.value[0]?.[1] ?? 0
  return html`<section class="card" aria-labelledby="refused-title">
    <div class="line"><h2 id="refused-title">Refused in 24 hours</h2>${config.urls.decisions && html`<a class="small-text" href=${config.urls.decisions}>All decisions</a>`}</div>
    ${most === 0
      ? html`<p class="small-text soft"><${Icon} name="shield" /> No dial was refused.</p>`
      : html`<ul class="plain">${refused.value.map(([reason, times]) => html`<li key=${reason}>
          <div class="line"><${Reason} reason=${reason} /><span class="number">${count(times)}</span></div>
          <${Bar} whole=${most} parts=${[{ tone: "neutral", value: times }]} /></li>`)}</ul>`}
  </section>`
}
