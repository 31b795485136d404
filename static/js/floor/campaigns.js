/* One row for each campaign with what may be done to it, and a line below that says what limits it. */

import { Actions } from "./actions.js"
import { STATUS_LOOKS } from "./looks.js"
import { campaigns, config, opened, pacing, stopped } from "./store.js"
import { abandonedTone, overWhat } from "./tiles.js"
import { Badge, Bar, Icon, count, html, percent, total } from "./ui.js"

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
  const why = pacing.value[campaign.id]
  const short = why && why.wanted > why.out
  return html`<span class="number">${total(campaign.lines)} of ${campaign.line_limit}</span>
    <div class="tile-note">${campaign.lines?.ringing ?? 0} ringing${short ? ` · ${why.wanted - why.out} more wanted` : ""}</div>`
}

const Today = ({ today }) => html`<span class="number">${count(today.placed ?? 0)} placed</span>
  <div class="tile-note">${count(today.answered ?? 0)} answered · ${count(today.connected ?? 0)} conn.</div>`

function Opener({ campaign }) {
  const isOpen = opened.value === campaign.id
  return html`<button class="button small" aria-expanded=${isOpen} aria-label="Pacing and settings of ${campaign.name}" onClick=${() => (opened.value = isOpen ? null : campaign.id)}>
    <${Icon} name="gear" /> Pacing</button>`
}

function Why({ campaign }) {
  const words = campaign.held_back || (!campaign.idle && pacing.value[campaign.id]?.text)
  if (!words) return null
  return html`<tr class="why" data-why=${campaign.id}><td colspan=${config.mayRun ? 8 : 7}>${campaign.held_back && html`<${Icon} name="shield" /> `}${words}</td></tr>`
}

function Row({ campaign }) {
  const look = STATUS_LOOKS[campaign.status]
  return html`<tr data-campaign=${campaign.id}>
    <th scope="row"><a class="name" href="${config.urls.campaigns}${campaign.id}/">${campaign.name}</a><div class="tile-note">${config.labels.methods[campaign.method]}</div></th>
    <td><${Badge} tone=${look.tone} icon=${look.icon}>${config.labels.statuses[campaign.status]}<//>
      ${campaign.notice && html`<div class="tile-note notice-words">${campaign.notice}</div>`}</td>
    <td>${campaign.idle ? html`<${Nothing} />` : html`<${Agents} counts=${campaign.agents} />`}</td>
    <td>${campaign.idle ? html`<${Nothing} />` : html`<${Lines} campaign=${campaign} />`}</td>
    <td>${campaign.idle ? html`<${Nothing} />` : html`<${Today} today=${campaign.today ?? {}} />`}</td>
    <td><${Share} campaign=${campaign} /></td>
    <td class="number">${campaign.idle ? "–" : count(campaign.leads_due)}</td>
    ${config.mayRun && html`<td><div class="toolbar actions"><${Opener} campaign=${campaign} /><${Actions} campaign=${campaign} /></div></td>`}
  </tr>
  <${Why} campaign=${campaign} />`
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
        <th scope="col">Today</th><th scope="col">Abandoned, ${overWhat(shown)}</th><th scope="col" class="number" title="Leads that are ready to be dialed">Hopper</th>
        ${config.mayRun && html`<th scope="col"><span class="visually-hidden">Actions</span></th>`}</tr></thead>
      <tbody>${shown.map((campaign) => html`<${Row} key=${campaign.id} campaign=${campaign} />`)}</tbody>
    </table></div>`}
  </section>`
}
