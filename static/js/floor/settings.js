/* The live settings of a campaign as a form: what changes is shown before and after, and saved only then. */

import { useEffect, useState } from "preact/hooks"

import { config, request } from "./store.js"
import { Icon, html } from "./ui.js"

const toPercent = (share) => String(Math.round(share * 1e4) / 100)
const fromPercent = (text) => Math.round(Number(text) * 1e4) / 1e6

/** name → [label, value to text, text to value, words of a value] */
const FIELDS = {
  method: ["Method", String, String, (value) => config.labels.methods[value]],
  dial_ratio: ["Lines a ready agent", String, Number, String],
  abandon_limit: ["Limit (%)", toPercent, fromPercent, (value) => `${toPercent(value)} %`],
  abandon_target: [
    "Target (%)",
    (value) => (value === null ? "" : toPercent(value)),
    (text) => (text === "" ? null : fromPercent(text)),
    (value) => (value === null ? "the limit" : `${toPercent(value)} %`),
  ],
  line_limit: ["Lines at once", String, Number, String],
}

const asText = (values) => Object.fromEntries(Object.entries(FIELDS).map(([name, [, text]]) => [name, text(values[name])]))

function changesOf(seen, draft) {
  const shown = asText(seen)
  return Object.entries(FIELDS)
    .filter(([name]) => draft[name] !== shown[name])
    .map(([name, [label, , read, words]]) => ({ name, label, value: read(draft[name]), old: seen[name], words }))
    .filter(({ value, old }) => value !== old)
    .map((each) => ({ ...each, before: each.words(each.old), after: each.words(each.value) }))
}

function Field({ name, draft, put, help, ...input }) {
  const id = `live-${name}`
  return html`<div class="field"><label for=${id}>${FIELDS[name][0]}</label>
    <input id=${id} class="input" type="number" value=${draft[name]} aria-describedby=${`${id}-help`} onInput=${(event) => put(name, event.target.value)} ...${input} />
    <p class="field-help" id=${`${id}-help`}>${help}</p></div>`
}

function Fields({ draft, put, lawful }) {
  const most = toPercent(lawful.limit)
  return html`
    <div class="field"><label for="live-method">Method</label>
      <select id="live-method" class="input" value=${draft.method} aria-describedby="live-method-help" onChange=${(event) => put("method", event.target.value)}>
        ${Object.entries(config.labels.methods).map(([key, words]) => html`<option key=${key} value=${key}>${words}</option>`)}
      </select><p class="field-help" id="live-method-help">${config.methodNotes[draft.method]}</p></div>
    <div class="form-columns">
      <${Field} name="abandon_limit" draft=${draft} put=${put} required min="0" max=${most} step="any" help=${`Abandoned at most. Lawful: ${most} % over ${lawful.measured_over}.`} />
      ${draft.method === "predictive" && html`<${Field} name="abandon_target" draft=${draft} put=${put} min="0" max=${draft.abandon_limit} step="any" help="Steered to. Empty: the limit." />`}
      ${draft.method === "ratio" && html`<${Field} name="dial_ratio" draft=${draft} put=${put} required min="1" max="10" step="0.1" help="1 to 10." />`}
      <${Field} name="line_limit" draft=${draft} put=${put} required min="0" step="1" help="Calls that are up go on." />
    </div>`
}

function Changes({ changes }) {
  return html`<table class="table before-after"><caption class="visually-hidden">What changes</caption>
    <thead><tr><th scope="col">Setting</th><th scope="col">Before</th><th scope="col"><span class="visually-hidden">becomes</span></th><th scope="col">After</th></tr></thead>
    <tbody>${changes.map((each) => html`<tr key=${each.name}><th scope="row">${each.label}</th><td class="number">${each.before}</td><td aria-hidden="true">→</td><td class="number"><strong>${each.after}</strong></td></tr>`)}</tbody></table>`
}

function Buttons({ changes, sure, setSure, reset, save }) {
  if (!changes.length) return null
  if (!sure) {
    return html`<div class="form-end" key="look"><button class="button" type="button" onClick=${reset}>Undo</button>
      <button class="button primary" type="submit">Look at the ${changes.length === 1 ? "change" : `${changes.length} changes`}</button></div>`
  }
  return html`<${Changes} changes=${changes} />
    <div class="form-end" key="save"><button class="button" type="button" onClick=${() => setSure(false)}>Back</button>
      <button class="button primary" type="button" id="live-save" onClick=${save}>Save now</button></div>`
}

/** `settings`: the server's answer; `take(settings)`: newer ones have come. */
export function SettingsForm({ settings, take }) {
  const [draft, setDraft] = useState(asText(settings.values))
  const [seen, setSeen] = useState(settings.values)
  const [sure, setSure] = useState(false)
  const [note, setNote] = useState(null)
  const changes = changesOf(seen, draft)
  const follow = (values) => {
    const mine = Object.fromEntries(changes.map(({ name }) => [name, draft[name]]))
    setSeen(values)
    setDraft({ ...asText(values), ...mine })
  }
  useEffect(() => {
    if (!changes.length) follow(settings.values)
  }, [settings])
  useEffect(() => {
    if (sure) document.getElementById("live-save")?.focus()
  }, [sure])
  const put = (name, text) => {
    setSure(false)
    setNote(null)
    setDraft({ ...draft, [name]: text })
  }
  const save = async () => {
    const values = Object.fromEntries(changes.map(({ name, value }) => [name, value]))
    setSure(false)
    try {
      const data = await request("change_settings", { campaign: settings.campaign, values, seen })
      setSeen(data.settings.values)
      setDraft(asText(data.settings.values))
      setNote({ tone: "good", icon: "check", words: "Saved. The next decision keeps to it." })
      take(data.settings)
    } catch (error) {
      setNote({ tone: "bad", icon: "alert", words: error.message })
      if (error.code === "changed") {
        const { settings: newer } = await request("settings", { campaign: settings.campaign })
        follow(newer.values)
        take(newer)
        setSure(true)
      }
    }
  }
  return html`<form class="form" onSubmit=${(event) => (event.preventDefault(), setSure(true))}>
    <fieldset class="plain form" disabled=${!config.mayEdit}><${Fields} draft=${draft} put=${put} lawful=${settings.lawful} /></fieldset>
    <div role="status">${note && html`<div class="notice ${note.tone}"><${Icon} name=${note.icon} /><div>${note.words}</div></div>`}</div>
    <${Buttons} changes=${changes} sure=${sure} setSure=${setSure} reset=${() => setDraft(asText(seen))} save=${save} />
  </form>`
}
