/* What the floor's page knows: the live topic, the rows of the database, the clock; and what it can ask for. */

import { batch, computed, signal } from "@preact/signals"

import { LiveClient } from "../live.js"
import { toast } from "../base.js"
import { total } from "./ui.js"

const STALE_AFTER_S = 5
const HOUR_EVERY_MS = 30_000
/** Hundreds of agents change twice a second: many changes are drawn at once. */
const REDRAW_EVERY_MS = 200

export const config = JSON.parse(document.getElementById("floor-config").textContent)
export const agents = signal({})
export const trunks = signal({})
export const nodes = signal({})
/** Campaign → why it places what it places; campaign → its last hour by the minute. */
export const pacing = signal({})
export const course = signal({})
export const hour = signal(null)
export const now = signal(Date.now() / 1000)
export const status = signal({ phase: "connecting", since: Date.now() })
/** Said to screen readers once; figures that tick are not. */
export const announcement = signal("")
/** The question that is open, or null: {title, words, action, run}. */
export const question = signal(null)
export const busy = signal(false)
/** The campaign whose panel is open, or null. */
export const opened = signal(null)

const live = signal({})
const rows = signal([])
const daemon = signal(null)
let redraw = null
export const stopped = signal(null)
/** Sentences: what keeps the gate from permitting dials, each with the next step. */
export const gateProblems = signal([])

/** Campaigns by name. A daemon's figures are shown with the status that was changed last, its own or the database's. */
export const campaigns = computed(() =>
  rows.value.map((row) => {
    const seen = live.value[row.id]
    if (!seen) return { ...row, idle: true }
    const newer = seen.updated_at >= (row.since ?? 0)
    return { ...seen, ...row, status: newer ? seen.status : row.status }
  }),
)

export const liveCalls = computed(() => campaigns.value.reduce((sum, row) => sum + total(row.lines), 0))

/** "live", "silent" (no engine is heard), "waiting" (no connection) or "closed". */
export const freshness = computed(() => {
  const { phase } = status.value
  if (phase === "closed") return "closed"
  if (phase !== "live" && phase !== "slow") return "waiting"
  if (phase === "slow") return "slow"
  return daemon.value && now.value - daemon.value.alive_at <= STALE_AFTER_S ? "live" : "silent"
})

export const silentFor = computed(() =>
  daemon.value ? Math.max(0, now.value - daemon.value.alive_at) : null,
)

function takeRows(sent) {
  batch(() => {
    for (const row of sent.campaigns) {
      const before = rows.value.find((known) => known.id === row.id)
      if (before && before.status !== row.status) say(`${row.name} is ${config.labels.statuses[row.status]}.`)
    }
    rows.value = sent.campaigns
    takeStop(sent.stop)
    takeProblems(sent.gate)
  })
}

function takeProblems(sent) {
  for (const words of sent) if (!gateProblems.value.includes(words)) say(words)
  if (String(sent) !== String(gateProblems.value)) gateProblems.value = sent
}

function takeStop(stop) {
  if (Boolean(stop) !== Boolean(stopped.value)) say(stop ? `All dialing is stopped by ${stop.by}.` : "Dialing goes on.")
  stopped.value = stop
}

function say(words) {
  if (status.value.phase === "live") announcement.value = words
}

class FloorClient extends LiveClient {
  _rows(frame) {
    takeRows(frame.rows)
  }
}

const client = new FloorClient({
  path: "/ws/floor",
  onHello: (hello) => takeRows(hello.rows),
  onStatus: (next) => (status.value = next),
  onNotice: (notice) => toast(notice.message, "warn"),
  onState(state, change) {
    if (change?.type === "trunk" && change.data?.state === "resting") {
      say(`Trunk ${change.data.name} rests: ${change.data.why}`)
    }
    redraw ??= setTimeout(takeState, REDRAW_EVERY_MS)
  },
})

function takeState() {
  const { state } = client
  redraw = null
  batch(() => {
    live.value = state.campaign ?? {}
    pacing.value = state.pacing ?? {}
    course.value = state.course ?? {}
    agents.value = state.agent ?? {}
    trunks.value = state.trunk ?? {}
    nodes.value = state.node ?? {}
    daemon.value = state.daemon ?? null
    now.value = client.now()
  })
}

async function readHour() {
  const answer = await fetch(config.urls.hour).catch(() => null)
  if (answer?.ok) hour.value = await answer.json()
}

/** Ask the server for something; resolves with its data, rejects with an error that has `code` and `message`. */
export async function request(name, args) {
  const data = await client.command(name, args)
  takeRows(data.rows)
  return data
}

/** Ask the server for something; the answer's rows show at once, and an error as a message. */
export async function command(name, args, done) {
  busy.value = true
  try {
    const data = await request(name, args)
    toast(typeof done === "function" ? done(data) : done, "good")
  } catch (error) {
    toast(error.message, "bad")
  } finally {
    busy.value = false
  }
}

export function open() {
  client.open()
  readHour()
  setInterval(readHour, HOUR_EVERY_MS)
  setInterval(() => (now.value = client.now()), 1000)
}
