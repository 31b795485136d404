/** What the agent can do: each a command to the server, with a calm word where it fails. */

import { toast } from "../base.js";
import { LiveClient } from "../live.js";
import { muteLocally, stopAudio } from "./audio.js";
import * as state from "./state.js";

const TAB_KEY = "paceline.tab";

/* A tab keeps its name over a reload; a duplicated tab copies it, and the lock tells that it is taken. */
async function tabName() {
  const fresh = () =>
    [...crypto.getRandomValues(new Uint8Array(16))]
      .map((byte) => byte.toString(16).padStart(2, "0"))
      .join("");
  let name = sessionStorage.getItem(TAB_KEY) ?? fresh();
  if (!(await holdLock(name))) {
    name = fresh();
    await holdLock(name);
  }
  sessionStorage.setItem(TAB_KEY, name);
  return name;
}

function holdLock(name) {
  if (!navigator.locks) return true;
  return new Promise((resolve) => {
    navigator.locks.request(`paceline-tab-${name}`, { ifAvailable: true }, (lock) => {
      resolve(Boolean(lock));
      return lock ? new Promise(() => {}) : null;
    });
  });
}

let live = null;

/** Open the socket. */
export async function startLive(handlers) {
  live = new LiveClient({ path: "/ws/agent", query: { tab: await tabName() }, ...handlers });
  live.open();
  return live;
}

/** Send a command; a failure becomes a message. Resolves with the answer's data, or null. */
export async function act(name, args = {}, { quiet = false } = {}) {
  try {
    return await live.command(name, args);
  } catch (error) {
    if (!quiet) toast(error.message, error.code === "refused" ? "warn" : "bad");
    return null;
  }
}

/** Send a command and let the caller see the failure. */
export const request = (name, args) => live.command(name, args);

const CHECKED_KEY = "paceline.audio-checked";
const audioChecked = () => sessionStorage.getItem(CHECKED_KEY) === state.agent.value?.session;

/** The agent went through the audio check: once a session is enough. */
export function audioCheckDone() {
  sessionStorage.setItem(CHECKED_KEY, state.agent.value?.session ?? "");
}

/** Take calls, after the audio check where it was not done yet. */
export async function goReady() {
  if (!state.inCampaign.value) return toast("Join a campaign first.", "warn");
  const up = state.agent.value.media === "up" && state.path.value === "up";
  if (!up || !audioChecked()) {
    state.wantsReady.value = true;
    state.dialog.value = "audio";
    return null;
  }
  return act("ready");
}

export const pause = (reason = "") => act("pause", { reason });
export const hangUp = () => act("hangup");
export const hold = (on) => act("hold", { on });
export const extendWrapup = () => act("extend_wrapup");
export const dialPreview = () => act("preview_dial");
export const skipPreview = () => act("preview_skip");
export const echo = (on) => act("echo", { on }, { quiet: !on });

export async function mute(on) {
  muteLocally(on);
  if ((await act("mute", { on })) === null) muteLocally(Boolean(state.agent.value?.muted));
}

let keys = Promise.resolve();

/** Press keypad keys, in the order in which they were pressed. */
export function press(digits) {
  keys = keys.then(() => act("dtmf", { digits }));
  return keys;
}

/** Dial a number by hand. Rejects with what to do. */
export const dialNumber = (number) => request("dial", { number });
export const dialCallback = (callback) => act("dial", { callback });

export async function loadCampaigns() {
  const answer = await act("campaigns", {}, { quiet: true });
  if (answer) state.campaigns.value = answer.campaigns;
}

export const join = (campaign) => act("join", { campaign });

export async function leave() {
  if (await act("leave")) loadCampaigns();
}

export async function takeOver() {
  if (state.link.value.phase === "closed") return location.reload();
  if (await act("take_over")) state.otherTab.value = false;
  return null;
}

export async function signOut() {
  const answer = await act("sign_out");
  if (!answer) return;
  state.signedOutAt.value = live.now();
  stopAudio();
  live.close();
}

/** Choose a disposition: in wrap-up it is saved at once, unless a time must be chosen first. */
export function choose(disposition) {
  const call = state.call.value;
  if (!call) return null;
  state.chosen.value = { call: call.id, disposition: disposition.id };
  const atOnce = state.stateName.value === "wrapup" && disposition.meaning !== "callback";
  return atOnce ? dispose("ready") : null;
}

/** The disposition that is chosen for the call on screen. */
export function chosenDisposition() {
  const { chosen, call, dispositions } = state;
  if (!call.value || chosen.value?.call !== call.value.id) return null;
  return dispositions.value.find(({ id }) => id === chosen.value.disposition) ?? null;
}

let disposing = false;

/** Save the disposition that is chosen; `then` is ready or pause. */
export async function dispose(then = "ready", mine = true) {
  const disposition = chosenDisposition();
  if (!disposition || disposing) return;
  const args = { call: state.call.value.id, disposition: disposition.id, notes: state.notes.value, then };
  if (disposition.meaning === "callback") {
    if (!state.callbackAt.value) return void toast("Choose a time for the callback.", "warn");
    Object.assign(args, { callback_at: state.callbackAt.value, callback_mine: mine });
  }
  disposing = true;
  const answer = await act("dispose", args);
  disposing = false;
  if (answer) toast(`Saved: ${disposition.name}.`, "good");
}

/** Save fields of the lead. Rejects with what to do. */
export const saveLead = (fields) => request("save_lead", { fields });
export const shown = (call) => act("shown", { call }, { quiet: true });
