/* Small parts of the floor's page: icons, badges, bars, and figures as words. */

import { h } from "preact"
import htm from "htm"

export const html = htm.bind(h)

const ICONS = new URL("../../img/icons.svg", import.meta.url).pathname

export const Icon = ({ name }) => html`<svg class="icon" aria-hidden="true"><use href="${ICONS}#${name}" /></svg>`

export const Badge = ({ tone = "", icon, title, children }) =>
  html`<span class="badge ${tone}" title=${title}>${icon && html`<${Icon} name=${icon} />`}${children}</span>`

/** Parts of a whole as one bar; the words beside it say the same. `parts`: [{tone, value}]. */
export function Bar({ parts, whole }) {
  const total = whole || parts.reduce((sum, part) => sum + part.value, 0)
  if (!total) return html`<span class="bar" aria-hidden="true"></span>`
  return html`<span class="bar" aria-hidden="true">
    ${parts.map((part) => html`<span class=${part.tone} style=${{ width: `${(100 * part.value) / total}%` }}></span>`)}
  </span>`
}

export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds))
  const two = (value) => String(value).padStart(2, "0")
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60]
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`
}

export const count = (value) => Math.round(value).toLocaleString("en")

export function percent(share, digits = 1) {
  return `${(100 * share).toFixed(digits)} %`
}

export const timeOfDay = (unixSeconds, timeZone) =>
  new Date(unixSeconds * 1000).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone })

export const plural = (value, one, many = `${one}s`) => `${count(value)} ${value === 1 ? one : many}`

export const total = (counts) => Object.values(counts ?? {}).reduce((sum, value) => sum + value, 0)
