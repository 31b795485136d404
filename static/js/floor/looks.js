/* How states look: tone and icon, always shown with the word; and the ages at which a state catches the eye. */

export const AGENT_LOOKS = {
  talking: { tone: "accent", icon: "phone" },
  reserved: { tone: "accent", icon: "headset" },
  hold: { tone: "hold", icon: "hourglass" },
  wrapup: { tone: "warn", icon: "edit" },
  preview: { tone: "hold", icon: "eye" },
  ready: { tone: "good", icon: "check" },
  paused: { tone: "", icon: "pause" },
  offline: { tone: "", icon: "moon" },
}

export const LINE_LOOKS = {
  connected: { tone: "accent" },
  answered: { tone: "warn" },
  message: { tone: "bad" },
  ringing: { tone: "hold" },
  placed: { tone: "neutral" },
}

export const STATUS_LOOKS = {
  running: { tone: "good", icon: "play" },
  paused: { tone: "warn", icon: "pause" },
  draining: { tone: "hold", icon: "drain" },
  stopped: { tone: "", icon: "stop" },
}

/** Seconds in a state from which its age is shown as long, and as too long. */
const AGE_BANDS_S = {
  ready: [120, 300],
  reserved: [10, 30],
  hold: [60, 180],
  wrapup: [30, 60],
  preview: [60, 180],
  paused: [900, 1800],
  talking: [900, 1800],
}

export function ageBand(state, seconds) {
  const [long, tooLong] = AGE_BANDS_S[state] ?? [Infinity, Infinity]
  if (seconds >= tooLong) return "too-long"
  return seconds >= long ? "long" : ""
}
