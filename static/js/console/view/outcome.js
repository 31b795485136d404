/** What became of the call: one key for the common case, a time besides for a callback. */

import { useEffect, useRef, useState } from "preact/hooks";
import { choose, chosenDisposition, dispose } from "../actions.js";
import { html } from "../html.js";
import * as state from "../state.js";
import { callbackChoices, dayAndTime, fromInput, inputValue, lawful, zoneName } from "../times.js";
import { Icon } from "./icon.js";

const MARKS = { success: "check", callback: "calendar", do_not_call: "cross" };

function Choices() {
  const chosen = chosenDisposition();
  return html`
    <div class="dispositions" role="group" aria-label="Disposition">
      ${state.dispositions.value.map(
        (item) => html`
          <button
            type="button"
            class="disposition ${item.meaning}"
            aria-pressed=${String(chosen?.id === item.id)}
            onClick=${() => choose(item)}
          >
            ${
              item.key &&
              html`
                <kbd>${item.key}</kbd>
              `
            }
            <span>${item.name}</span>
            ${
              MARKS[item.meaning] &&
              html`
                <${Icon} name=${MARKS[item.meaning]} />
              `
            }
          </button>
        `,
      )}
    </div>
  `;
}

function CallbackTime({ mine, setMine }) {
  const [now, zone] = [state.now.value, state.zone.value];
  const at = state.callbackAt.value;
  const minute = Math.floor(now / 60) * 60;
  const whose = state.zoneKnown.value ? "the lead's time" : "our time: the lead's is unknown";
  const first = useRef(null);
  useEffect(() => first.current?.querySelector("button")?.focus(), []);
  const pick = (time) => {
    state.callbackAt.value = time;
    if (state.stateName.value === "wrapup") dispose("ready", mine);
  };
  const own = (event) => (state.callbackAt.value = fromInput(event.target.value, zone));
  return html`
    <fieldset class="callback-time">
      <legend>${`Call back at, ${zoneName(now, zone)} (${whose})`}</legend>
      <label class="mine">
        <input type="checkbox" checked=${mine} onChange=${(event) => setMine(event.target.checked)} />
        Mine: offer it to me, not to anybody
      </label>
      <div class="times" ref=${first}>
        ${callbackChoices(minute, zone).map(
          (choice) => html`
            <button
              type="button"
              class="time"
              aria-pressed=${String(at === choice.at)}
              onClick=${() => pick(choice.at)}
            >
              ${choice.label}
            </button>
          `,
        )}
      </div>
      <label class="own-time">
        Another time
        <input
          type="datetime-local"
          class="input"
          min=${inputValue(now, zone)}
          value=${at ? inputValue(at, zone) : ""}
          onChange=${own}
        />
      </label>
      ${
        at &&
        !lawful(at, zone) &&
        html`
          <p class="field-errors">
            ${dayAndTime(at, zone, now)} is outside 8 AM to 9 PM at the lead; it would not be dialed then.
          </p>
        `
      }
    </fieldset>
  `;
}

function SaveButtons({ mine }) {
  const chosen = chosenDisposition();
  if (!chosen)
    return html`
      <p class="soft small-text">
        ${state.stateName.value === "wrapup" ? "One key saves and makes you ready. For more, write notes first." : ""}
      </p>
    `;
  const live = state.callLive.value;
  const missing = chosen.meaning === "callback" && !state.callbackAt.value;
  return html`
    <div class="save">
      <button
        type="button"
        class="button primary"
        aria-disabled=${String(missing)}
        onClick=${() => dispose("ready", mine)}
      >
        ${live ? "End call and save" : "Save and ready"}
        ${
          !live &&
          html`
            <kbd>Enter</kbd>
          `
        }
      </button>
      <button
        type="button"
        class="button"
        aria-disabled=${String(missing)}
        onClick=${() => dispose("pause", mine)}
      >
        ${live ? "…and pause" : "Save and pause"}
      </button>
    </div>
  `;
}

export function Outcome() {
  const call = state.call.value;
  const [mine, setMine] = useState(true);
  useEffect(() => {
    state.chosen.value = null;
    state.callbackAt.value = null;
    state.notes.value = "";
    setMine(true);
  }, [call.id]);
  const wrapup = state.stateName.value === "wrapup";
  const chosen = chosenDisposition();
  return html`
    <section class="outcome card" aria-labelledby="outcome-title">
      <h2 id="outcome-title">${wrapup ? "What became of it?" : "Outcome"}</h2>
      ${
        !wrapup &&
        html`
          <p class="soft small-text">Choose now or after the call. Choosing does not end it.</p>
        `
      }
      <${Choices} />
      ${
        chosen?.meaning === "callback" &&
        html`
          <${CallbackTime} mine=${mine} setMine=${setMine} />
        `
      }
      <label class="notes-label" for="notes">
        Notes
        <span class="soft">optional</span>
      </label>
      <textarea
        id="notes"
        class="input"
        rows="2"
        maxlength="4000"
        value=${state.notes.value}
        onInput=${(event) => (state.notes.value = event.target.value)}
        placeholder="What should the next person know?"
      ></textarea>
      <${SaveButtons} mine=${mine} />
    </section>
  `;
}
