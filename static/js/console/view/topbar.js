/** The bar that never moves: state, campaign, and whether connection and audio are well. */

import { signOut, goReady, leave } from "../actions.js";
import { clock, qualityWords } from "../format.js";
import { html } from "../html.js";
import * as state from "../state.js";
import { Icon } from "./icon.js";
import { METHODS, STATES } from "./states.js";

function StatePill() {
  const agent = state.agent.value;
  const look = STATES[state.stateName.value];
  const reason = state.stateName.value === "paused" ? state.pauseName.value : "";
  return html`
    <div class="state ${look.tone}" role="group" aria-label="Your state">
      <${Icon} name=${look.icon} />
      <span class="state-word">
        ${look.word}${
          reason &&
          html`
            <span class="state-reason">${` · ${reason}`}</span>
          `
        }
      </span>
      <span class="state-clock number">${agent ? clock(state.now.value - agent.since) : "–"}</span>
    </div>
  `;
}

function Requested() {
  const asked = state.agent.value?.requested;
  if (!asked) return null;
  const code = state.pauseCodes.value.find((item) => item.code === asked.reason);
  return html`
    <div class="requested">
      <span>Next: ${STATES[asked.state]?.word ?? asked.state}${code ? ` (${code.name})` : ""}</span>
      <button
        type="button"
        class="bar-button"
        onClick=${goReady}
        aria-label="Cancel the pause that was asked for"
      >
        <${Icon} name="cross" />
      </button>
    </div>
  `;
}

function StateButtons() {
  const name = state.stateName.value;
  if (!state.inCampaign.value) return null;
  return html`
    ${
      name === "paused" &&
      html`
        <button type="button" class="bar-button go" onClick=${goReady}>
          <${Icon} name="play" />
          Ready
        </button>
      `
    }
    ${
      !["paused", "offline"].includes(name) &&
      !state.agent.value.requested &&
      html`
        <button
          type="button"
          class="bar-button"
          onClick=${() => (state.dialog.value = "pause")}
          aria-haspopup="dialog"
        >
          <${Icon} name="pause" />
          Pause
        </button>
      `
    }
  `;
}

function Campaign() {
  const campaign = state.agent.value?.campaign;
  if (!campaign)
    return html`
      <span class="bar-soft">No campaign</span>
    `;
  return html`
    <span class="bar-campaign">
      <strong>${campaign.name}</strong>
      <span class="bar-soft">${METHODS[campaign.method] ?? campaign.method}</span>
    </span>
  `;
}

const LINKS = {
  live: ["good", "Connected"],
  slow: ["warn", "Slow"],
  connecting: ["warn", "Connecting"],
  waiting: ["bad", "Not connected"],
  closed: ["bad", "Not connected"],
};
const MICROPHONES = {
  on: ["good", "Mic on"],
  asking: ["warn", "Mic: allow it"],
  blocked: ["bad", "Mic blocked"],
  missing: ["bad", "No mic"],
  unknown: ["warn", "Mic off"],
};

function Chip({ tone, icon, children, label, onClick }) {
  return html`
    <button type="button" class="chip ${tone}" title=${label} aria-label=${label} onClick=${onClick}>
      <${Icon} name=${icon} />
      ${children}
    </button>
  `;
}

const openAudio = () => (state.dialog.value = "audio");

function LinkChip() {
  const [tone, word] = LINKS[state.link.value.phase];
  return html`
    <${Chip} tone=${tone} icon="signal" label=${`Connection: ${word}`} onClick=${openAudio}>
      <span>${word}</span>
    <//>
  `;
}

function MicrophoneChip() {
  const muted = state.agent.value?.muted && state.microphone.value === "on";
  const [tone, word] = muted ? ["warn", "Muted"] : MICROPHONES[state.microphone.value];
  return html`
    <${Chip}
      tone=${tone}
      icon=${tone === "good" ? "mic" : "micOff"}
      label=${`Microphone: ${word}`}
      onClick=${openAudio}
    >
      <span>${word}</span>
      <${Meter} />
    <//>
  `;
}

/** The microphone's level as five bars. */
export function Meter() {
  const lit = Math.round(state.level.value * 5);
  return html`
    <span class="meter" aria-hidden="true">
      ${[1, 2, 3, 4, 5].map(
        (bar) => html`
          <i class=${bar <= lit ? "lit" : ""} />
        `,
      )}
    </span>
  `;
}

function QualityChip() {
  const measured = state.quality.value;
  if (state.path.value !== "up") {
    const word = state.path.value === "connecting" ? "Audio…" : "No audio";
    return html`
      <${Chip}
        tone=${state.path.value === "connecting" ? "warn" : "bad"}
        icon="headset"
        label=${`Audio: ${state.pathProblem.value || word}`}
        onClick=${openAudio}
      >
        <span>${word}</span>
      <//>
    `;
  }
  const tone = { Good: "good", Fair: "warn", Poor: "bad" }[measured?.word] ?? "good";
  const words = measured ? qualityWords(measured) : "connected";
  return html`
    <${Chip} tone=${tone} icon="headset" label=${`Audio: ${words}`} onClick=${openAudio}>
      <span>${measured?.word ?? "Audio"}</span>
      <span class="chip-figure number">${measured ? `${measured.rttMs} ms` : ""}</span>
    <//>
  `;
}

function Menu() {
  return html`
    <details class="menu to-right" data-menu>
      <summary class="bar-button">
        <${Icon} name="person" />
        <span class="bar-name">${state.config.name}</span>
        <${Icon} name="down" />
      </summary>
      <div class="menu-panel">
        <p class="menu-words">
          Session${" "}
          <span class="number">
            ${state.sessionStartedAt.value ? clock(state.now.value - state.sessionStartedAt.value) : "–"}
          </span>
        </p>
        <button type="button" onClick=${openAudio}>
          <${Icon} name="headset" />
          Audio check
        </button>
        <button type="button" onClick=${() => (state.dialog.value = "help")}>
          <${Icon} name="help" />
          Shortcuts
        </button>
        <a href=${state.config.profile_url}>
          <${Icon} name="person" />
          Profile
        </a>
        ${
          state.inCampaign.value &&
          html`
            <button type="button" onClick=${leave}>
              <${Icon} name="back" />
              Leave the campaign
            </button>
          `
        }
        <button type="button" onClick=${signOut}>
          <${Icon} name="out" />
          Sign out of the console
        </button>
      </div>
    </details>
  `;
}

export function Topbar() {
  return html`
    <header class="bar">
      <img class="bar-mark" src=${state.config.mark_url} alt="Paceline" width="26" height="26" />
      <${StatePill} />
      <div class="bar-actions">
        <${StateButtons} />
        <${Requested} />
      </div>
      <div class="bar-middle"><${Campaign} /></div>
      <div class="bar-chips">
        <${LinkChip} />
        <${MicrophoneChip} />
        <${QualityChip} />
      </div>
      <span class="bar-session number" title="Session">
        <${Icon} name="clock" />
        <span class="visually-hidden">Session</span>
        ${state.sessionStartedAt.value ? clock(state.now.value - state.sessionStartedAt.value) : "–"}
      </span>
      <button
        type="button"
        class="bar-button"
        aria-label="Shortcuts"
        onClick=${() => (state.dialog.value = "help")}
      >
        <${Icon} name="help" />
      </button>
      <${Menu} />
    </header>
  `;
}
