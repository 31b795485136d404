/* A campaign's last hour: how busy its agents were, and which share of the people who answered met nobody. */

import { computed } from "@preact/signals"
import { useMemo } from "preact/hooks"

import { Chart } from "./chart.js"
import { course } from "./store.js"
import { count, html, percent } from "./ui.js"

const HEIGHT_PX = 96
/** The share of one minute alone jumps: each point tells of so many minutes. */
const SHARE_MINUTES = 10
const NONE = { minutes: [], occupancy: [], answered: [], abandoned: [] }

const sum = (values) => values.reduce((all, value) => all + value, 0)
const whole = (share) => `${Math.round(100 * share)} %`
const tenth = (share) => `${(100 * share).toFixed(1)} %`

function shares({ answered, abandoned }) {
  return answered.map((_, index) => {
    const from = Math.max(0, index + 1 - SHARE_MINUTES)
    const people = sum(answered.slice(from, index + 1))
    return people ? sum(abandoned.slice(from, index + 1)) / people : null
  })
}

function mean(values) {
  const known = values.filter((value) => value !== null)
  return known.length ? sum(known) / known.length : null
}

function Plot({ title, words, ...chart }) {
  return html`<figure class="course"><figcaption><span>${title}</span><strong class="number">${words}</strong></figcaption>
    <${Chart} height=${HEIGHT_PX} ...${chart} /></figure>`
}

export function Course({ campaign }) {
  const mine = useMemo(() => computed(() => course.value[campaign.id] ?? NONE), [campaign.id])
  const { minutes, occupancy, answered, abandoned } = mine.value
  if (minutes.length < 2) return html`<p class="small-text soft">The plots begin with the second whole minute of dialing.</p>`
  const busy = mean(occupancy)
  const people = sum(answered)
  const limit = campaign.abandon_limit
  return html`
    <${Plot} title="Occupancy" words=${busy === null ? "–" : percent(busy, 0)} source=${mine}
      data=${() => [mine.value.minutes, mine.value.occupancy]} lines=${[["Occupancy", "--accent"]]} range=${() => [0, 1]} label=${whole} />
    <${Plot} title="Abandoned, ${SHARE_MINUTES} minutes each; limit ${percent(limit)}" source=${mine}
      words=${people ? `${count(sum(abandoned))} of ${count(people)} (${percent(sum(abandoned) / people)})` : "nobody answered"}
      data=${() => [mine.value.minutes, shares(mine.value), mine.value.minutes.map(() => limit)]}
      lines=${[["Abandoned", "--bad"], ["Limit", "--ink-faint", { dash: [4, 4], width: 1 }]]}
      range=${(high) => [0, Math.max(2 * limit, high, 0.01)]} label=${tenth} />
  `
}
