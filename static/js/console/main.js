/** The agent console begins here: socket, audio, keys, screen. */

import { effect } from "@preact/signals";
import { render } from "preact";
import { request, startLive } from "./actions.js";
import { ensurePath, muteLocally, renewPath, startAudio } from "./audio.js";
import { html } from "./html.js";
import { startKeys } from "./keys.js";
import { play } from "./sounds.js";
import * as state from "./state.js";
import { App } from "./view/app.js";

const DEAF_LIMIT_MS = 4000;
const WARN_BEFORE_END_S = 10;

const live = await startLive({
  onHello(hello) {
    state.otherTab.value = hello.other_tab;
    state.sessionStartedAt.value = hello.session_started_at;
    state.everLive.value = true;
  },
  onState(topic) {
    state.topic.value = { ...topic };
  },
  onStatus(status) {
    const had = state.connected.value;
    state.link.value = status;
    if (had && !state.connected.value) play("lost");
  },
});

const root = document.getElementById("console");
root.replaceChildren();
render(
  html`
    <${App} />
  `,
  root,
);
setInterval(() => (state.now.value = Math.floor(live.now())), 250);
startKeys();
startAudio((sdp) => request("media_offer", { sdp }));

effect(() => {
  state.connected.value && !state.otherTab.value && state.agent.value && ensurePath();
});

effect(() => muteLocally(Boolean(state.agent.value?.muted)));

/* The browser believes that its audio is up while the server hears nothing: lay it anew. */
effect(() => {
  const deaf = state.path.value === "up" && state.inCampaign.value && state.agent.value.media !== "up";
  if (!deaf) return undefined;
  const timer = setTimeout(renewPath, DEAF_LIMIT_MS);
  return () => clearTimeout(timer);
});

effect(() => {
  const until = state.agent.value?.wrapup_until;
  if (until && state.stateName.value === "wrapup" && until - state.now.value === WARN_BEFORE_END_S)
    play("ending");
});
