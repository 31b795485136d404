/* The last hour as a chart: calls placed, connected and abandoned a minute. */

import { useEffect, useRef } from "preact/hooks"
import uPlot from "uplot"

import { config, hour } from "./store.js"
import { count, html, timeOfDay } from "./ui.js"

const HEIGHT_PX = 150
const LINES = [
  ["Placed", "--neutral"],
  ["Connected", "--accent"],
  ["Abandoned", "--bad"],
]
const SCHEME = matchMedia("(prefers-color-scheme: dark)")

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim()

function options(width) {
  const axis = { stroke: token("--ink-faint"), grid: { stroke: token("--line"), width: 1 }, ticks: { show: false }, font: "12px system-ui" }
  return {
    width,
    height: HEIGHT_PX,
    legend: { show: false },
    cursor: { show: false },
    axes: [
      { ...axis, size: 26, values: (_, ticks) => ticks.map((at) => timeOfDay(at, config.timeZone)) },
      { ...axis, size: 36 },
    ],
    scales: { y: { range: (_, low, high) => [0, Math.max(4, high)] } },
    series: [{}, ...LINES.map(([label, name]) => ({ label, stroke: token(name), width: 2, points: { show: false } }))],
  }
}

const data = () => [hour.value.minutes, hour.value.placed, hour.value.connected, hour.value.abandoned]

function Chart() {
  const box = useRef(null)
  useEffect(() => {
    let plot
    const draw = () => {
      plot?.destroy()
      plot = new uPlot(options(box.current.clientWidth), data(), box.current)
    }
    const size = new ResizeObserver(() => plot?.setSize({ width: box.current.clientWidth, height: HEIGHT_PX }))
    draw()
    size.observe(box.current)
    SCHEME.addEventListener("change", draw)
    const stop = hour.subscribe(() => plot.setData(data()))
    return () => {
      stop()
      size.disconnect()
      SCHEME.removeEventListener("change", draw)
      plot.destroy()
    }
  }, [])
  return html`<div class="chart" ref=${box} aria-hidden="true"></div>`
}

const sum = (values) => values.reduce((all, value) => all + value, 0)

export function Hour() {
  if (!hour.value) return null
  const { placed, connected, abandoned } = hour.value
  const sums = [sum(placed), sum(connected), sum(abandoned)]
  return html`<section class="card" aria-labelledby="hour-title">
    <div class="card-head"><h2 id="hour-title">Last hour</h2><span class="tile-note">a minute, from the records</span></div>
    <${Chart} />
    <ul class="legend">${LINES.map(([label, name], index) => html`<li key=${label}><span class="dot ${name.slice(2)}"></span>${count(sums[index])} ${label.toLowerCase()}</li>`)}</ul>
  </section>`
}
