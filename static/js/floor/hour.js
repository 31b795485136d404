/* The last hour as a chart: calls placed, connected and abandoned a minute. */

import { Chart } from "./chart.js"
import { hour } from "./store.js"
import { count, html } from "./ui.js"

const HEIGHT_PX = 150
const LINES = [
  ["Placed", "--neutral"],
  ["Connected", "--accent"],
  ["Abandoned", "--bad"],
]

const data = () => [hour.value.minutes, hour.value.placed, hour.value.connected, hour.value.abandoned]
const sum = (values) => values.reduce((all, value) => all + value, 0)

export function Hour() {
  if (!hour.value) return null
  const { placed, connected, abandoned } = hour.value
  const sums = [sum(placed), sum(connected), sum(abandoned)]
  return html`<section class="card" aria-labelledby="hour-title">
    <div class="card-head"><h2 id="hour-title">Last hour</h2><span class="tile-note">a minute, from the records</span></div>
    <${Chart} source=${hour} data=${data} lines=${LINES} range=${(high) => [0, Math.max(4, high)]} height=${HEIGHT_PX} />
    <ul class="legend">${LINES.map(([label, name], index) => html`<li key=${label}><span class="dot ${name.slice(2)}"></span>${count(sums[index])} ${label.toLowerCase()}</li>`)}</ul>
  </section>`
}
