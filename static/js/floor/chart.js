/* A chart over time that follows a signal, in the page's own colours. */

import { useEffect, useRef } from "preact/hooks"
import uPlot from "uplot"

import { config } from "./store.js"
import { html, timeOfDay } from "./ui.js"

const SCHEME = matchMedia("(prefers-color-scheme: dark)")

export const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim()

function options(width, height, { lines, range, label }) {
  const axis = { stroke: token("--ink-faint"), grid: { stroke: token("--line"), width: 1 }, ticks: { show: false }, font: "12px system-ui" }
  return {
    width,
    height,
    legend: { show: false },
    cursor: { show: false },
    axes: [
      { ...axis, size: 26, values: (_, ticks) => ticks.map((at) => timeOfDay(at, config.timeZone)) },
      { ...axis, size: 40, values: (_, ticks) => ticks.map(label) },
    ],
    scales: { y: { range: (_, low, high) => range(high) } },
    series: [{}, ...lines.map(([name, colour, more]) => ({ label: name, stroke: token(colour), width: 2, points: { show: false }, ...more }))],
  }
}

/** `lines`: [[name, colour token, more of uPlot's series]]; `data()`: uPlot's columns; drawn anew when `source` changes. */
export function Chart({ source, data, lines, range, label = (value) => value, height }) {
  const box = useRef(null)
  useEffect(() => {
    let plot
    const draw = () => {
      plot?.destroy()
      plot = new uPlot(options(box.current.clientWidth, height, { lines, range, label }), data(), box.current)
    }
    const size = new ResizeObserver(() => plot?.setSize({ width: box.current.clientWidth, height }))
    draw()
    size.observe(box.current)
    SCHEME.addEventListener("change", draw)
    const stop = source.subscribe(() => plot.setData(data()))
    return () => {
      stop()
      size.disconnect()
      SCHEME.removeEventListener("change", draw)
      plot.destroy()
    }
  }, [])
  return html`<div class="chart" ref=${box} style=${{ height: `${height}px` }} aria-hidden="true"></div>`
}
