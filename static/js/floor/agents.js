/* The agents: what each does, since when, with whom. */

import { computed, signal } from "@preact/signals"

import { agents, config, now } from "./store.js"
import { AGENT_LOOKS, ageBand } from "./looks.js"
import { Badge, Icon, clock, count, html } from "./ui.js"

const STATE_ORDER = Object.keys(AGENT_LOOKS)
const ORDERS = {
  name: ["Name", (a, b) => a.name.localeCompare(b.name)],
  state: ["State, longest first", (a, b) => STATE_ORDER.indexOf(a.state) - STATE_ORDER.indexOf(b.state) || a.since - b.since],
  campaign: ["Campaign", (a, b) => (a.campaign_name ?? "").localeCompare(b.campaign_name ?? "") || a.name.localeCompare(b.name)],
}

const order = signal("name")
const shown = computed(() => Object.values(agents.value).sort(ORDERS[order.value][1]))

function Age({ agent }) {
  const seconds = now.value - agent.since
  const band = ageBand(agent.state, seconds)
  return html`<span class="number age ${band}">
    ${band && html`<${Icon} name="clock" />`}${clock(seconds)}${band && html`<span class="visually-hidden"> (${band === "long" ? "long" : "too long"})</span>`}
  </span>`
}

function Call({ call }) {
  if (!call) return html`<span class="soft">–</span>`
  return html`<span class="number">${call.number}</span> <span class="number soft">${call.since ? clock(now.value - call.since) : ""}</span>`
}

function Troubles({ agent }) {
  return html`${agent.lagged && html` <${Badge} tone="warn" icon="signal">Console not connected<//>`}
    ${agent.media === "lost" && html` <${Badge} tone="bad" icon="alert">Audio lost<//>`}
    ${agent.media === "down" && agent.state !== "offline" && html` <${Badge} icon="info">No audio yet<//>`}`
}

function Row({ agent }) {
  const look = AGENT_LOOKS[agent.state]
  return html`<tr data-agent=${agent.id}>
    <th scope="row">${agent.name}</th>
    <td class="number"><${Age} agent=${agent} /></td>
    <td><div class="states"><${Badge} tone=${look.tone} icon=${look.icon}>${config.labels.states[agent.state]}<//>
      ${agent.reason && html`<span class="tile-note">${agent.reason}</span>`}<${Troubles} agent=${agent} /></div></td>
    <td class="clip">${agent.campaign_name || html`<span class="soft">none</span>`}</td>
    <td class="clip"><${Call} call=${agent.call} /></td>
    <td class="number">${count(agent.calls ?? 0)}</td>
    <td class="number">${agent.calls ? clock(agent.connected_s / agent.calls) : "–"}</td>
  </tr>`
}

export const Agents = () => html`<section class="card flush" aria-labelledby="agents-title">
  <div class="card-head"><h2 id="agents-title">Agents</h2>
    <label class="toolbar small-text">Sort by
      <select class="input" value=${order.value} onChange=${(event) => (order.value = event.target.value)}>
        ${Object.entries(ORDERS).map(([key, [words]]) => html`<option value=${key}>${words}</option>`)}
      </select>
    </label>
  </div>
  ${shown.value.length === 0
    ? html`<div class="empty"><${Icon} name="headset" /><h3>No agent is signed in</h3><p>Agents appear here when they open their console and join a campaign.</p></div>`
    : html`<div class="table-scroll"><table class="table floor-table">
        <thead><tr><th scope="col">Agent</th><th scope="col" class="number">For</th><th scope="col">State</th><th scope="col">Campaign</th>
          <th scope="col">Call</th><th scope="col" class="number">Calls</th><th scope="col" class="number">Mean talk</th></tr></thead>
        <tbody>${shown.value.map((agent) => html`<${Row} key=${agent.id} agent=${agent} />`)}</tbody>
      </table></div>`}
</section>`
