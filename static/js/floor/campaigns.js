/* One row for each campaign, with what may be done to it. */

import { busy, campaigns, command, config, question, stopped } from "./store.js"
import { STATUS_LOOKS } from "./looks.js"
import { abandonedTone } from "./tiles.js"
import { Badge, Bar, Icon, count, html, percent, plural, total } from "./ui.js"

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

function Actions({ campaign }) {
  return html`<div class="toolbar actions">
    ${ACTIONS[campaign.status].map((name) => {
      const { icon, label } = WORDS[name]
      return html`<button key=${name} class="button small ${name === "stop" ? "danger-quiet" : ""}" disabled=${busy.value}
        aria-label="${label} ${campaign.name}" onClick=${() => act(campaign, name)}><${Icon} name=${icon} /> ${label}</button>`
    })}
  </div>`
}

function Share({ campaign }) {
  if (!campaign.answered_30d) return html`<${Nothing} />`
  const tone = abandonedTone(campaign.abandon_share, campaign.abandon_limit)
  return html`<div class="share">
    <span class="number ${tone && `ink-${tone}`}">${tone && html`<${Icon} name="alert" /> `}${percent(campaign.abandon_share, 2)}</span>
    <${Bar} whole=${campaign.abandon_limit} parts=${[{ tone: tone || "good", value: Math.min(campaign.abandon_share, campaign.abandon_limit) }]} />
    <span class="tile-note">${count(campaign.abandoned_30d)} / ${count(campaign.answered_30d)}, limit ${percent(campaign.abandon_limit)}</span>
  </div>`
}

const Nothing = () => html`<span class="soft">–</span>`

function Agents({ counts = {} }) {
  const onCall = (counts.talking ?? 0) + (counts.hold ?? 0) + (counts.reserved ?? 0)
  return html`<span class="number">${counts.ready ?? 0} ready · ${onCall} on call</span>
    <div class="tile-note">${counts.wrapup ?? 0} wrap-up · ${counts.paused ?? 0} paused</div>`
}

function Lines({ campaign }) {
  const used = total(campaign.lines)
  const short = campaign.lines_wanted > used && campaign.lines_wanted > 0
  return html`<span class="number">${used} of ${campaign.line_limit}</span>
    <div class="tile-note">${campaign.lines?.ringing ?? 0} ringing${short ? ` · ${campaign.lines_wanted} wanted` : ""}</div>`
}

const Today = ({ today }) => html`<span class="number">${count(today.placed ?? 0)} placed</span>
  <div class="tile-note">${count(today.answered ?? 0)} answered · ${count(today.connected ?? 0)} conn.</div>`

function Row({ campaign }) {
  const look = STATUS_LOOKS[campaign.status]
  const method = config.labels.methods[campaign.method]
  return html`<tr data-campaign=${campaign.id}>
    <th scope="row"><a class="name" href="${config.urls.campaigns}${campaign.id}/">${campaign.name}</a><div class="tile-note" title=${campaign.pacing}>${campaign.pacing || method}</div></th>
    <td><${Badge} tone=${look.tone} icon=${look.icon}>${config.labels.statuses[campaign.status]}<//>
      ${campaign.notice && html`<div class="tile-note notice-words">${campaign.notice}</div>`}</td>
    <td>${campaign.idle ? html`<${Nothing} />` : html`<${Agents} counts=${campaign.agents} />`}</td>
    <td>${campaign.idle ? html`<${Nothing} />` : html`<${Lines} campaign=${campaign} />`}</td>
    <td>${campaign.idle ? html`<${Nothing} />` : html`<${Today} today=${campaign.today ?? {}} />`}</td>
    <td><${Share} campaign=${campaign} /></td>
    <td class="number">${campaign.idle ? "–" : count(campaign.leads_due)}</td>
    ${config.mayRun && html`<td><${Actions} campaign=${campaign} /></td>`}
  </tr>`
}

const Empty = () => html`<div class="empty"><${Icon} name="list" />
  <h3>No campaign yet</h3>
  <p>A campaign says whom to call, how, and within which hours.${config.urls.newCampaign ? "" : " A supervisor makes one."}</p>
  ${config.urls.newCampaign && html`<a class="button primary" href=${config.urls.newCampaign}>New campaign</a>`}
</div>`

export function Campaigns() {
  const shown = campaigns.value
  return html`<section class="card flush ${stopped.value ? "held" : ""}" aria-labelledby="campaigns-title">
    <div class="card-head"><h2 id="campaigns-title">Campaigns</h2></div>
    ${shown.length === 0 ? html`<${Empty} />` : html`<div class="table-scroll"><table class="table floor-table">
      <thead><tr><th scope="col">Campaign</th><th scope="col">Status</th><th scope="col">Agents</th><th scope="col">Lines</th>
        <th scope="col">Today</th><th scope="col">Abandoned, 30 days</th><th scope="col" class="number" title="Leads that are ready to be dialed">Hopper</th>
        ${config.mayRun && html`<th scope="col"><span class="visually-hidden">Actions</span></th>`}</tr></thead>
      <tbody>${shown.map((campaign) => html`<${Row} key=${campaign.id} campaign=${campaign} />`)}</tbody>
    </table></div>`}
  </section>`
}
