/** Dialogs of the console: pause, dial, shortcuts, and the ones that nobody asked for. */

import { useState } from "preact/hooks";
import { dialNumber, goReady, pause, takeOver } from "../actions.js";
import { clock } from "../format.js";
import { html } from "../html.js";
import { SHORTCUTS } from "../keys.js";
import * as state from "../state.js";
import { AudioCheck } from "./audiocheck.js";
import { Dialog } from "./dialog.js";
import { Icon } from "./icon.js";

const close = () => (state.dialog.value = null);

function Pause() {
  const codes = state.pauseCodes.value.length ? state.pauseCodes.value : [{ code: "", name: "Pause" }];
  const later = ["talking", "hold", "reserved", "wrapup"].includes(state.stateName.value);
  const go = (code) => {
    close();
    pause(code);
  };
  return html`
    <${Dialog} title=${later ? "Pause after this call" : "Pause"} onClose=${close} kind="small">
      <div class="pause-codes">
        ${codes.map(
          ({ code, name }) => html`
            <button type="button" class="button" onClick=${() => go(code)}>
              <${Icon} name="pause" />
              ${name}
            </button>
          `,
        )}
      </div>
      ${
        state.agent.value?.requested &&
        html`
          <button type="button" class="button quiet" onClick=${() => (close(), goReady())}>
            Stay ready instead
          </button>
        `
      }
    <//>
  `;
}

function Dial() {
  const [number, setNumber] = useState("");
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const go = async (event) => {
    event.preventDefault();
    setBusy(true);
    try {
      await dialNumber(number);
      close();
    } catch (error) {
      setProblem(error.message);
      setBusy(false);
    }
  };
  const keys = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "+", "0", "⌫"];
  const key = (digit) => setNumber(digit === "⌫" ? number.slice(0, -1) : number + digit);
  return html`
    <${Dialog} title="Dial a number" onClose=${close} kind="small">
      <form class="dial" onSubmit=${go}>
        <label for="dial-number">Number, with area code</label>
        <input
          id="dial-number"
          class="input number"
          type="tel"
          autocomplete="off"
          autofocus
          value=${number}
          onInput=${(event) => setNumber(event.target.value)}
          aria-describedby="dial-problem"
        />
        <p id="dial-problem" class="field-errors" role="alert">${problem}</p>
        <div class="keypad" role="group" aria-label="Digits">
          ${keys.map(
            (digit) => html`
              <button
                type="button"
                class="key number"
                aria-label=${digit === "⌫" ? "Delete the last digit" : digit}
                onClick=${() => key(digit)}
              >
                ${digit}
              </button>
            `,
          )}
        </div>
        <p class="soft small-text">
          Do-not-call lists, consent and calling hours are checked before it is dialed.
        </p>
        <button class="button primary" disabled=${busy || number.trim().length < 3}>
          <${Icon} name="phone" />
          Dial
        </button>
      </form>
    <//>
  `;
}

function Help() {
  return html`
    <${Dialog} title="Shortcuts" onClose=${close}>
      ${
        !state.config.shortcuts &&
        html`
          <p class="notice warn">Shortcuts are turned off in your profile.</p>
        `
      }
      <dl class="shortcuts">
        ${SHORTCUTS.map(
          ({ key, words }) => html`
            <div>
              <dt><kbd>${key.toUpperCase()}</kbd></dt>
              <dd>${words}</dd>
            </div>
          `,
        )}
        <div>
          <dt>
            <kbd>1</kbd>
            –
            <kbd>9</kbd>
          </dt>
          <dd>Disposition; in wrap-up it is saved at once</dd>
        </div>
        <div>
          <dt><kbd>Enter</kbd></dt>
          <dd>Save the disposition chosen, then ready</dd>
        </div>
      </dl>
      <p class="soft">
        They do nothing while you type.${" "}
        <a href=${state.config.profile_url}>Turn them off or on in your profile.</a>
      </p>
    <//>
  `;
}

function OtherTab() {
  return html`
    <${Dialog} title="The console is open in another tab" kind="small">
      <p>
        Calls come to one tab at a time. Go on there, or take over here; the other tab then closes its console
        and a call in progress comes here.
      </p>
      <footer>
        <button type="button" class="button primary" onClick=${takeOver}>Take over here</button>
      </footer>
    <//>
  `;
}

const CLOSED = {
  4401: { title: "You are signed out", words: "Sign in again to go on.", action: "Sign in" },
  4403: {
    title: "No access",
    words: "Your role does not allow the agent console any more. Ask an administrator.",
    action: "To the start page",
  },
  4409: {
    title: "Another tab took over",
    words: "This agent's console is now open in another tab or on another device.",
    action: "Use it here instead",
  },
};

function Closed() {
  const { title, words, action } = CLOSED[state.link.value.code] ?? {
    title: "Not connected",
    words: state.link.value.message,
    action: "Reload",
  };
  const go = () => (state.link.value.code === 4403 ? location.assign("/") : location.reload());
  return html`
    <${Dialog} title=${title} kind="small">
      <p>${words}</p>
      <footer><button type="button" class="button primary" onClick=${go}>${action}</button></footer>
    <//>
  `;
}

function SignedOut() {
  const length = state.sessionStartedAt.value
    ? clock(state.signedOutAt.value - state.sessionStartedAt.value)
    : "";
  return html`
    <${Dialog} title="You have signed out of the console" kind="small">
      <p>${length && `This session lasted ${length}. `}No calls come to you.</p>
      <footer>
        <a class="button" href=${state.config.profile_url}>Your profile</a>
        <button type="button" class="button primary" onClick=${() => location.reload()}>Begin again</button>
      </footer>
    <//>
  `;
}

const OPEN = { audio: AudioCheck, dial: Dial, help: Help, pause: Pause };

export function Dialogs() {
  if (state.signedOutAt.value)
    return html`
      <${SignedOut} />
    `;
  if (state.link.value.phase === "closed")
    return html`
      <${Closed} />
    `;
  if (state.otherTab.value)
    return html`
      <${OtherTab} />
    `;
  const Open = OPEN[state.dialog.value];
  return Open
    ? html`
        <${Open} key=${state.dialog.value} />
      `
    : null;
}
