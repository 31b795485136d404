/** Single-key shortcuts. They can be turned off in the profile (WCAG 2.1.4), and never act while somebody types. */

import * as actions from "./actions.js";
import * as state from "./state.js";

const preview = () => state.call.value?.stage === "preview";
const talking = () => ["talking", "hold"].includes(state.stateName.value);
const wrapup = () => state.stateName.value === "wrapup";
const idle = () => ["ready", "paused"].includes(state.stateName.value);

/** Every shortcut: key, words, when it works, what it does. */
export const SHORTCUTS = [
  { key: "r", words: "Ready", when: () => state.inCampaign.value && !wrapup(), run: actions.goReady },
  { key: "p", words: "Pause", when: () => state.inCampaign.value, run: () => (state.dialog.value = "pause") },
  {
    key: "m",
    words: "Mute or unmute",
    when: () => talking(),
    run: () => actions.mute(!state.agent.value.muted),
  },
  {
    key: "h",
    words: "Hold or take back",
    when: () => talking(),
    run: () => actions.hold(!state.call.value.held),
  },
  {
    key: "k",
    words: "Keypad",
    when: () => talking(),
    run: () => (state.keypadOpen.value = !state.keypadOpen.value),
  },
  { key: "e", words: "End the call", when: () => state.callLive.value, run: actions.hangUp },
  {
    key: "d",
    words: "Dial: the lead offered, or a number",
    when: () => preview() || idle(),
    run: () => (preview() ? actions.dialPreview() : (state.dialog.value = "dial")),
  },
  { key: "s", words: "Skip the lead offered", when: preview, run: actions.skipPreview },
  {
    key: "n",
    words: "Write notes",
    when: () => talking() || wrapup(),
    run: () => document.getElementById("notes")?.focus(),
  },
  { key: "x", words: "Extend wrap-up", when: wrapup, run: actions.extendWrapup },
  { key: "?", words: "This help", when: () => true, run: () => (state.dialog.value = "help") },
];

function typing(target) {
  return target.closest?.("input, textarea, select, [contenteditable], dialog") !== null;
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || typing(event.target)) return;
  if (state.otherTab.value || document.querySelector("dialog[open]")) return;
  const digit = state.dispositions.value.find(({ key }) => key && key === event.key);
  const shortcut = SHORTCUTS.find(({ key, when }) => key === event.key.toLowerCase() && when());
  if (digit && (talking() || wrapup())) actions.choose(digit);
  else if (event.key === "Enter" && wrapup() && event.target === document.body) actions.dispose();
  else if (shortcut) shortcut.run();
  else return;
  event.preventDefault();
}

/** Listen, where the person has not turned shortcuts off. */
export function startKeys() {
  if (state.config.shortcuts) addEventListener("keydown", onKey);
}
