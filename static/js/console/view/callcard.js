/** The call card: who it is, how long it lasts, and what can be done with it. */

import { dialPreview, extendWrapup, hangUp, hold, mute, press, skipPreview } from "../actions.js";
import { clock, ending, initials, phone } from "../format.js";
import { html } from "../html.js";
import * as state from "../state.js";
import { lawful, timeIn, zoneName } from "../times.js";
import { Icon } from "./icon.js";
import { METHODS } from "./states.js";

const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];
const HURRY_S = 10;

function Who() {
  const [call, lead] = [state.call.value, state.lead.value];
  const name = lead?.name || "Unknown lead";
  return html`
    <div class="who">
      <span class="avatar" aria-hidden="true">${initials(lead?.name || "?")}</span>
      <div>
        <h1>${name}</h1>
        <p class="who-line">
          ${
            lead?.company &&
            lead.company !== name &&
            html`
              <span>${lead.company}</span>
            `
          }
          <span class="number">${phone(call.number)}</span>
          <${LocalTime} />
        </p>
        <p class="who-badges">
          <span class="badge accent">
            ${METHODS[call.kind] ?? METHODS[state.agent.value.campaign.method]}
          </span>
          <span class="badge">Attempt ${call.attempt} of ${call.max_attempts}</span>
          ${
            call.caller_id &&
            html`
              <span class="badge">From ${phone(call.caller_id)}</span>
            `
          }
        </p>
      </div>
    </div>
  `;
}

function LocalTime() {
  const [now, zone] = [state.now.value, state.zone.value];
  if (!state.zoneKnown.value)
    return html`
      <span>
        <${Icon} name="clock" />
        Local time unknown
      </span>
    `;
  const odd = !lawful(now, zone);
  return html`
    <span class=${odd ? "late" : ""} title="Local time at the lead">
      <${Icon} name="clock" />
      ${timeIn(now, zone)} ${zoneName(now, zone)}${odd ? " – outside 8 AM to 9 PM" : ""}
    </span>
  `;
}

const STAGES = {
  preview: "Not dialed yet",
  dialing: "Dialing…",
  ringing: "Ringing…",
  connected: "Connected",
  ended: "Ended",
};

function CallClock() {
  const call = state.call.value;
  const held = call.held && call.stage === "connected";
  const until = call.ended_at ?? state.now.value;
  const since = call.connected_at ?? call.placed_at;
  const word = held ? "On hold" : call.stage === "ended" ? ending(call.end_reason) : STAGES[call.stage];
  return html`
    <div class="call-clock ${held ? "hold" : call.stage}">
      <span class="number">${since ? clock(until - since) : "0:00"}</span>
      <span>${word}</span>
    </div>
  `;
}

function Control({ icon, words, keyName, on, tone = "", onClick, label }) {
  return html`
    <button
      type="button"
      class="control ${tone} ${on ? "on" : ""}"
      aria-pressed=${on === undefined ? undefined : String(on)}
      aria-label=${label}
      onClick=${onClick}
    >
      <${Icon} name=${icon} />
      <span>${words}</span>
      ${
        keyName &&
        state.config.shortcuts &&
        html`
          <kbd>${keyName}</kbd>
        `
      }
    </button>
  `;
}

function TalkControls() {
  const [agent, call] = [state.agent.value, state.call.value];
  return html`
    <${Control}
      icon=${agent.muted ? "micOff" : "mic"}
      words=${agent.muted ? "Muted" : "Mute"}
      keyName="M"
      on=${agent.muted}
      onClick=${() => mute(!agent.muted)}
    />
    <${Control}
      icon="hold"
      words=${call.held ? "On hold" : "Hold"}
      keyName="H"
      on=${call.held}
      onClick=${() => hold(!call.held)}
    />
    <${Control}
      icon="keypad"
      words="Keypad"
      keyName="K"
      on=${state.keypadOpen.value}
      onClick=${() => (state.keypadOpen.value = !state.keypadOpen.value)}
    />
    <${Control} icon="phoneOff" words="Hang up" keyName="E" tone="danger" onClick=${hangUp} />
  `;
}

function Left({ until, words, children }) {
  const left = Math.max(0, until - state.now.value);
  return html`
    <p class="left ${left <= HURRY_S ? "hurry" : ""}">
      <${Icon} name="hourglass" />
      <span>
        <strong class="number">${clock(left)}</strong>
        ${` ${words}`}
      </span>
      ${children}
    </p>
  `;
}

function Controls() {
  const call = state.call.value;
  if (call.stage === "preview") {
    return html`
      ${
        call.preview_until &&
        html`
          <${Left} until=${call.preview_until} words="to decide" />
        `
      }
      <button type="button" class="button primary large" onClick=${dialPreview}>
        <${Icon} name="phone" />
        Dial
        <kbd>D</kbd>
      </button>
      <button type="button" class="button large" onClick=${skipPreview}>
        <${Icon} name="next" />
        Skip
        <kbd>S</kbd>
      </button>
    `;
  }
  if (call.stage === "connected")
    return html`
      <${TalkControls} />
    `;
  if (state.callLive.value)
    return html`
      <${Control} icon="phoneOff" words="Cancel" keyName="E" tone="danger" onClick=${hangUp} />
    `;
  return null;
}

function WrapupLeft() {
  const until = state.agent.value.wrapup_until;
  if (state.stateName.value !== "wrapup" || !until) return null;
  return html`
    <${Left} until=${until} words="to wrap up">
      <button type="button" class="button small" onClick=${extendWrapup}>
        1 min more
        <kbd>X</kbd>
      </button>
    <//>
  `;
}

function Keypad() {
  return html`
    <div class="keypad" role="group" aria-label="Keypad">
      ${DIGITS.map(
        (digit) => html`
          <button type="button" class="key number" onClick=${() => press(digit)}>${digit}</button>
        `,
      )}
    </div>
  `;
}

function Memory() {
  const lead = state.lead.value;
  const last = lead?.history?.[0];
  const note = lead?.callback_note || last?.notes;
  if (!note) return null;
  return html`
    <p class="memory">
      <${Icon} name="note" />
      <span>
        <strong>${lead.callback_note ? "Callback: " : "Last time: "}</strong>
        ${note}
      </span>
    </p>
  `;
}

export function CallCard() {
  const call = state.call.value;
  const open = state.keypadOpen.value && call.stage === "connected";
  return html`
    <section class="callcard card ${state.stateName.value}" aria-label="Call">
      <div class="callcard-top">
        <${Who} />
        <${WrapupLeft} />
        <${CallClock} />
      </div>
      ${
        call.stage !== "ended" &&
        html`
          <${Memory} />
          <div class="controls">
            <${Controls} />
            ${
              open &&
              html`
                <${Keypad} />
              `
            }
          </div>
        `
      }
    </section>
  `;
}
