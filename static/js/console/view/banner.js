/** What the agent must know at once: the connection or the audio is away. And the words for screen readers. */

import { html } from "../html.js";
import * as state from "../state.js";
import { Icon } from "./icon.js";
import { STATES } from "./states.js";

function linkWords() {
  const { phase, retryAt } = state.link.value;
  if (phase === "slow") return "The connection is slow. Waiting for the server…";
  if (phase === "connecting") return state.everLive.value ? "Connecting again…" : null;
  if (phase !== "waiting") return null;
  state.now.value; // counts down each second
  const seconds = Math.max(0, Math.ceil((retryAt - Date.now()) / 1000));
  const talking = state.callLive.value ? " Your call goes on." : " No new call comes meanwhile.";
  return `The connection is lost.${talking} Trying again${seconds ? ` in ${seconds} s` : ""}…`;
}

function audioWords() {
  const { agent, inCampaign, path, pathProblem, microphone, connected, otherTab } = state;
  if (
    !connected.value ||
    otherTab.value ||
    !inCampaign.value ||
    path.value === "up" ||
    microphone.value !== "on"
  )
    return null;
  if (path.value === "connecting" && agent.value.media !== "lost") return null;
  return `Your audio is not connected. It comes back by itself; a lead on the line waits. ${pathProblem.value}`;
}

export function Banner() {
  const [words, tone] = linkWords()
    ? [linkWords(), state.link.value.phase === "slow" ? "warn" : "bad"]
    : [audioWords(), "warn"];
  return html`
    <div class="banner-slot" role="alert">
      ${
        words &&
        html`
          <div class="banner ${tone}">
            <${Icon} name="alert" />
            <span>${words}</span>
          </div>
        `
      }
    </div>
  `;
}

/** Says each change of state and each call. */
export function Announcer() {
  const look = STATES[state.stateName.value];
  const lead = state.lead.value;
  const words = state.stateName.value === "talking" && lead ? `On call with ${lead.name}` : look.word;
  return html`
    <p class="visually-hidden" role="status">${words}</p>
  `;
}
