/** Everything the console shows, as signals: what the server says, what the browser knows, what the agent has open. */

import { computed, signal } from "@preact/signals";
import { knownZone } from "./times.js";

const JUST_JOINED = "joined";

export const config = JSON.parse(document.getElementById("console-config").textContent);

/* What the server says: the types of the topic agent.<id>. */
export const topic = signal({});
const type = (name, empty) => computed(() => topic.value[name] ?? empty);
export const agent = type("agent", null);
export const call = type("call", null);
export const lead = type("lead", null);
export const dispositions = type("dispositions", []);
export const pauseCodes = type("pause_codes", []);
export const script = type("script", "");
export const callbacks = type("callbacks", []);

/* The socket. */
export const link = signal({ phase: "connecting", since: Date.now() });
export const everLive = signal(false);
export const otherTab = signal(false);
export const sessionStartedAt = signal(null);
export const signedOutAt = signal(null);

/* The server's clock, one step a second. */
export const now = signal(Math.floor(Date.now() / 1000));

/* The agent's audio: microphone, way to the media node, what is measured. */
export const microphone = signal("unknown"); // unknown, asking, blocked, missing, on
export const path = signal("down"); // down, connecting, up
export const pathProblem = signal("");
export const devices = signal([]);
export const level = signal(0); // 0 to 1
export const voiceHeard = signal(false);
export const quality = signal(null); // {rttMs, lossShare, jitterMs, word}

/* What is open or chosen. */
export const dialog = signal(null); // audio, dial, help, pause
export const chosen = signal(null); // {call, disposition}: the disposition picked for a call
export const callbackAt = signal(null);
export const notes = signal("");
export const keypadOpen = signal(false);
export const campaigns = signal(null);
export const wantsReady = signal(false);

export const connected = computed(() => link.value.phase === "live" || link.value.phase === "slow");
export const stateName = computed(() => (agent.value?.campaign ? agent.value.state : "offline"));
export const inCampaign = computed(() => Boolean(agent.value?.campaign));
export const callLive = computed(() => ["dialing", "ringing", "connected"].includes(call.value?.stage));
export const zoneKnown = computed(() => knownZone(lead.value?.time_zone));
export const zone = computed(() => (zoneKnown.value ? lead.value.time_zone : config.organisation_zone));
export const pauseName = computed(() => {
  const code = agent.value?.reason ?? "";
  const known = pauseCodes.value.find((item) => item.code === code);
  return known ? known.name : code === JUST_JOINED ? "" : code;
});
