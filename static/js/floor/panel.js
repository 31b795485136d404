/* One campaign at close sight: why it places what it places, its last hour, its settings and who changed them. */

import { useEffect, useRef, useState } from "preact/hooks"

import { Actions } from "./actions.js"
import { Course } from "./course.js"
import { STATUS_LOOKS } from "./looks.js"
import { SettingsForm } from "./settings.js"
import { campaigns, config, opened, pacing, request } from "./store.js"
import { Badge, Icon, count, html, percent, plural, timeOfDay } from "./ui.js"

const clockOf = (at) => timeOfDay(at, config.timeZone)
const today = (at) => new Date(at * 1000).toLocaleDateString("en-CA", { timeZone: config.timeZone })
const when = (at) => (today(at) === today(Date.now() / 1000) ? clockOf(at) : `${today(at)} ${clockOf(at)}`)

function Now({ campaign, why }) {
  if (!why) return html`<p class="small-text soft">No engine runs this campaign: nothing is decided.</p>`
  return html`
    <p class="why-text">${why.text}</p>
    <dl class="facts">
      <dt>Limited by</dt><dd>${config.labels.limits[why.limit]}</dd>
      <dt>Lines on their way</dt><dd class="number">${plural(why.out, "line")} out, ${count(why.wanted)} wanted</dd>
      <dt>Abandoned</dt><dd class="number">${percent(campaign.abandon_share ?? 0, 2)} in ${campaign.measured_over}; steers to ${percent(campaign.target ?? campaign.abandon_limit)}, at most ${percent(campaign.abandon_limit)}</dd>
    </dl>`
}

function Log({ why }) {
  if (!why?.log.length) return null
  return html`<section aria-labelledby="log-title"><h3 id="log-title">What limited it</h3>
    <ol class="log">${why.log.map((each) => html`<li key=${each.at}><span class="number soft">${clockOf(each.at)}</span>
      <div><strong>${config.labels.limits[each.limit]}</strong><p class="tile-note">${each.text}</p></div></li>`)}</ol></section>`
}

function History({ changes }) {
  return html`<section aria-labelledby="changed-title"><h3 id="changed-title">Changed last</h3>
    ${changes.length === 0
      ? html`<p class="small-text soft">Nobody has changed these settings yet.</p>`
      : html`<ol class="log">${changes.map((each) => html`<li key=${each.at}><span class="number soft">${when(each.at)}</span>
          <div><strong>${each.by}</strong>${each.settings.map((one) => html`<p class="tile-note" key=${one.name}>${one.name}: ${one.before} → ${one.after}</p>`)}</div></li>`)}</ol>`}
  </section>`
}

function useSettings(campaign) {
  const [settings, take] = useState(null)
  const [problem, setProblem] = useState("")
  const key = [campaign.id, campaign.method, campaign.abandon_limit, campaign.line_limit].join()
  useEffect(() => {
    if (!config.maySee) return
    request("settings", { campaign: campaign.id }).then(
      (data) => (setProblem(""), take(data.settings)),
      (error) => setProblem(error.message),
    )
  }, [key])
  return { settings, take, problem }
}

function Settings({ campaign }) {
  const { settings, take, problem } = useSettings(campaign)
  if (problem) return html`<div class="notice bad" role="alert"><${Icon} name="alert" /><div>${problem}</div></div>`
  if (!settings) return null
  return html`<section aria-labelledby="settings-title"><h3 id="settings-title">Settings</h3>
      ${settings.held_back && html`<div class="notice warn"><${Icon} name="shield" /><div>${settings.held_back}</div></div>`}
      <${SettingsForm} settings=${settings} take=${take} /></section>
    <section aria-labelledby="course-title"><h3 id="course-title">Last hour</h3><${Course} campaign=${campaign} /></section>
    <${History} changes=${settings.changes} />`
}

function useFocus(id) {
  const box = useRef(null)
  useEffect(() => {
    const opener = document.activeElement
    box.current.focus()
    return () => opener?.isConnected && opener.focus()
  }, [id])
  return box
}

function Drawer({ campaign }) {
  const box = useFocus(campaign.id)
  const why = pacing.value[campaign.id]
  const look = STATUS_LOOKS[campaign.status]
  const close = () => (opened.value = null)
  return html`<div class="panel" role="dialog" aria-labelledby="panel-title" tabindex="-1" ref=${box} onKeyDown=${(event) => event.key === "Escape" && close()}>
    <header><div class="line"><h2 id="panel-title">${campaign.name}</h2>
        <button class="button quiet icon-only" aria-label="Close the panel" onClick=${close}><${Icon} name="cross" /></button></div>
      <div class="line"><${Badge} tone=${look.tone} icon=${look.icon}>${config.labels.statuses[campaign.status]}<//>
        ${config.mayRun && html`<${Actions} campaign=${campaign} />`}</div></header>
    <div class="panel-body">
      <section aria-labelledby="now-title"><h3 id="now-title">Why so many lines</h3><${Now} campaign=${campaign} why=${why} /></section>
      <${Settings} key=${campaign.id} campaign=${campaign} />
      <${Log} why=${why} />
    </div>
  </div>`
}

export function Panel() {
  const campaign = campaigns.value.find((each) => each.id === opened.value)
  return campaign ? html`<${Drawer} key=${campaign.id} campaign=${campaign} />` : null
}
