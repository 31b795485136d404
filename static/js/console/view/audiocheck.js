/** The audio check: permission, device, level, the way to the audio server, and one's own echo. */

import { useEffect, useState } from "preact/hooks";
import { act, audioCheckDone, echo } from "../actions.js";
import { chooseDevice, currentDevice, openMicrophone } from "../audio.js";
import { qualityWords } from "../format.js";
import { html } from "../html.js";
import * as state from "../state.js";
import { Dialog } from "./dialog.js";
import { Icon } from "./icon.js";

function Step({ done, failed = false, title, children }) {
  const [icon, word] = done ? ["check", "Done"] : failed ? ["alert", "Needs you"] : ["clock", "Waiting"];
  return html`
    <li class="step ${done ? "done" : failed ? "failed" : ""}">
      <span class="step-mark">
        <${Icon} name=${icon} />
        <span class="visually-hidden">${word}:</span>
      </span>
      <div>
        <h3>${title}</h3>
        ${children}
      </div>
    </li>
  `;
}

function Permission() {
  const [value] = [state.microphone.value];
  const on = value === "on";
  return html`
    <${Step} done=${on} failed=${["blocked", "missing"].includes(value)} title="Microphone">
      ${
        value === "blocked" &&
        html`
          <p>
            The browser blocks the microphone. Click the sign left of the address, allow the microphone, then
            reload the page.
          </p>
        `
      }
      ${
        value === "missing" &&
        html`
          <p>No microphone was found. Plug in your headset, then try again.</p>
        `
      }
      ${
        value === "asking" &&
        html`
          <p>The browser asks you at the top of the window. Choose “Allow”.</p>
        `
      }
      ${
        on
          ? html`
              <select
                class="input"
                aria-label="Microphone"
                value=${currentDevice()}
                onChange=${(event) => chooseDevice(event.target.value)}
              >
                ${state.devices.value.map(
                  ({ deviceId, label }) => html`
                    <option value=${deviceId}>${label || "Microphone"}</option>
                  `,
                )}
              </select>
            `
          : html`
              <button type="button" class="button primary" onClick=${() => openMicrophone()}>
                <${Icon} name="mic" />
                Allow the microphone
              </button>
            `
      }
    <//>
  `;
}

function Voice() {
  const percent = Math.round(state.level.value * 100);
  return html`
    <${Step} done=${state.voiceHeard.value} title="Your voice">
      <div
        class="voice"
        role="meter"
        aria-label="Level"
        aria-valuemin="0"
        aria-valuemax="100"
        aria-valuenow=${percent}
      >
        <span style=${{ width: `${percent}%` }} />
      </div>
      <p>${state.voiceHeard.value ? "We hear you." : "Say a few words."}</p>
    <//>
  `;
}

function wayWords() {
  if (state.path.value !== "up") return state.pathProblem.value || "Comes up when the microphone is on.";
  return state.quality.value ? qualityWords(state.quality.value) : "Connected. Measuring…";
}

function Way() {
  const up = state.path.value === "up";
  return html`
    <${Step} done=${up} failed=${!up && Boolean(state.pathProblem.value)} title="Audio connection">
      <p>${wayWords()}</p>
    <//>
  `;
}

function Echo() {
  const [on, setOn] = useState(false);
  useEffect(() => () => void (on && echo(false)), [on]);
  const turn = async () => {
    if (await echo(!on)) setOn(!on);
  };
  return html`
    <${Step} done=${false} title="Hear yourself (optional)">
      <p>Speak and listen: clear, no crackle, not too quiet.</p>
      <button
        type="button"
        class="button small"
        aria-pressed=${String(on)}
        disabled=${state.path.value !== "up"}
        onClick=${turn}
      >
        <${Icon} name="headset" />
        ${on ? "Stop" : "Play my voice back"}
      </button>
    <//>
  `;
}

function why() {
  if (state.microphone.value !== "on") return "The microphone is not on yet.";
  if (!state.voiceHeard.value) return "We have not heard your voice yet.";
  if (state.path.value !== "up") return "The audio connection is not up yet.";
  if (state.inCampaign.value && state.agent.value.media !== "up")
    return "The dialing engine waits for your audio.";
  return "";
}

export function AudioCheck() {
  const close = () => {
    state.wantsReady.value = false;
    state.dialog.value = null;
  };
  const missing = why();
  const go = () => {
    const ready = state.wantsReady.value;
    audioCheckDone();
    close();
    if (ready) act("ready");
  };
  return html`
    <${Dialog} title="Audio check" onClose=${close}>
      <ol class="steps">
        <${Permission} />
        <${Voice} />
        <${Way} />
        <${Echo} />
      </ol>
      <footer>
        <p class="soft" role="status">${missing}</p>
        <button type="button" class="button primary" disabled=${Boolean(missing)} onClick=${go}>
          ${state.wantsReady.value ? "Go ready" : "Done"}
        </button>
      </footer>
    <//>
  `;
}
