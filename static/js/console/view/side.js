/** The right side: the lead's fields and history, or the agent's callbacks. */

import { useState } from "preact/hooks";
import { dialCallback, saveLead } from "../actions.js";
import { label, phone } from "../format.js";
import { html } from "../html.js";
import * as state from "../state.js";
import { dayAndTime } from "../times.js";
import { Icon } from "./icon.js";

const FIELDS = ["first_name", "last_name", "company", "email", "address", "city", "state", "postal_code"];
const HALVES = new Set(["first_name", "last_name", "state", "postal_code"]);

function Field({ id, name, value, save, long = false }) {
  const [draft, setDraft] = useState(null);
  const [result, setResult] = useState("");
  const keep = async () => {
    if (draft === null || draft === value) return setDraft(null);
    try {
      await save(draft);
      setResult("Saved");
    } catch (error) {
      setResult(error.message);
    }
    setDraft(null);
    return null;
  };
  const failed = result && result !== "Saved";
  const common = {
    id,
    class: "input",
    value: draft ?? value,
    onInput: (event) => setDraft(event.target.value),
    onChange: keep,
    "aria-describedby": `${id}-said`,
    autocomplete: "off",
  };
  return html`
    <div class="lead-field ${HALVES.has(name) ? "half" : ""}">
      <label for=${id}>${label(name)}</label>
      ${
        long
          ? html`
              <textarea rows="2" ...${common} />
            `
          : html`
              <input ...${common} />
            `
      }
      <span id="${id}-said" role="status" class=${failed ? "field-errors" : "saved"}>${result}</span>
    </div>
  `;
}

const written = ({ number, kind }) => `${phone(number)}${kind ? ` (${kind})` : ""}`;

function Fields() {
  const lead = state.lead.value;
  const custom = Object.entries(lead.custom ?? {});
  const others = (lead.phones ?? []).filter(({ number }) => number !== state.call.value?.number);
  return html`
    <div class="fields">
      ${FIELDS.map(
        (name) => html`
          <${Field}
            key=${`${lead.id}-${name}`}
            id=${`lead-${name}`}
            name=${name}
            value=${lead[name] ?? ""}
            save=${(value) => saveLead({ [name]: value })}
          />
        `,
      )}
      <${Field}
        key=${`${lead.id}-notes`}
        id="lead-notes"
        name="notes"
        value=${lead.notes ?? ""}
        long=${true}
        save=${(value) => saveLead({ notes: value })}
      />
      ${custom.map(
        ([name, value], index) => html`
          <${Field}
            key=${`${lead.id}-custom-${name}`}
            id=${`lead-custom-${index}`}
            name=${name}
            value=${String(value ?? "")}
            save=${(text) => saveLead({ custom: { [name]: text } })}
          />
        `,
      )}
      ${
        others.length > 0 &&
        html`
          <p class="soft small-text phones">${`Other numbers: ${others.map(written).join(", ")}`}</p>
        `
      }
    </div>
  `;
}

function History() {
  const [history, now, zone] = [
    state.lead.value.history ?? [],
    state.now.value,
    state.config.organisation_zone,
  ];
  if (!history.length)
    return html`
      <p class="soft">No earlier calls. This is the first.</p>
    `;
  return html`
    <ol class="history">
      ${history.map(
        (entry) => html`
          <li>
            <p>
              <strong>${entry.disposition || label(entry.outcome ?? "")}</strong>
              <span class="soft">
                ${dayAndTime(entry.at, zone, now)}${entry.agent ? ` · ${entry.agent}` : ""}
              </span>
            </p>
            ${
              entry.notes &&
              html`
                <p>${entry.notes}</p>
              `
            }
          </li>
        `,
      )}
    </ol>
  `;
}

function Callbacks() {
  const [items, now, zone] = [state.callbacks.value, state.now.value, state.config.organisation_zone];
  const due = (item) => item.due_at <= now;
  const free = ["ready", "paused"].includes(state.stateName.value) && state.inCampaign.value;
  return html`
    <section class="side card" aria-labelledby="callbacks-title">
      <h2 id="callbacks-title">Your callbacks</h2>
      ${
        !items.length &&
        html`
          <p class="soft">
            None. When a lead asks to be called again, choose a callback disposition and a time.
          </p>
        `
      }
      <ul class="callbacks">
        ${items.map(
          (item) => html`
            <li class=${due(item) ? "due" : ""}>
              <span>
                <strong>${item.name}</strong>
                <span class="soft">
                  ${
                    due(item) &&
                    html`
                      <${Icon} name="alert" />
                    `
                  }
                  ${`${due(item) ? "Due: " : ""}${dayAndTime(item.due_at, zone, now)}`}
                </span>
                ${
                  item.note &&
                  html`
                    <span>${item.note}</span>
                  `
                }
              </span>
              ${
                free &&
                html`
                  <button
                    type="button"
                    class="button small"
                    aria-label=${`Call ${item.name}`}
                    onClick=${() => dialCallback(item.id)}
                  >
                    <${Icon} name="phone" />
                    Call
                  </button>
                `
              }
            </li>
          `,
        )}
      </ul>
    </section>
  `;
}

function Lead() {
  const [tab, setTab] = useState("fields");
  const count = state.lead.value.history?.length ?? 0;
  const Tab = (name, words) => html`
    <button
      type="button"
      role="tab"
      id=${`tab-${name}`}
      aria-controls="side-panel"
      aria-selected=${String(tab === name)}
      onClick=${() => setTab(name)}
    >
      ${words}
    </button>
  `;
  return html`
    <section class="side card" aria-label="Lead">
      <div class="side-tabs" role="tablist" aria-label="Lead">
        ${Tab("fields", "Lead")}${Tab("history", count ? `Earlier calls (${count})` : "Earlier calls")}
      </div>
      <div id="side-panel" class="side-panel" role="tabpanel" aria-labelledby=${`tab-${tab}`} tabindex="0">
        ${
          tab === "fields"
            ? html`
                <${Fields} />
              `
            : html`
                <${History} />
              `
        }
      </div>
    </section>
  `;
}

export function Side() {
  return state.lead.value && state.call.value
    ? html`
        <${Lead} />
      `
    : html`
        <${Callbacks} />
      `;
}
