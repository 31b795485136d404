/** The centre while there is no call: what comes next, and how to get there. */

import { useEffect } from "preact/hooks";
import { goReady, join, loadCampaigns } from "../actions.js";
import { html } from "../html.js";
import * as state from "../state.js";
import { Icon } from "./icon.js";
import { METHODS, STATES } from "./states.js";

const CAMPAIGNS_EVERY_MS = 10000;

function CampaignList() {
  useEffect(() => {
    loadCampaigns();
    const timer = setInterval(loadCampaigns, CAMPAIGNS_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  const found = state.campaigns.value;
  if (found === null)
    return html`
      <p class="soft">Looking for campaigns…</p>
    `;
  if (!found.length)
    return html`
      <p class="soft">
        No campaign takes agents now. This list fills by itself when a supervisor starts one.
      </p>
    `;
  return html`
    <ul class="campaigns">
      ${found.map(
        (campaign) => html`
          <li>
            <span>
              <strong>${campaign.name}</strong>
              <span class="soft">${METHODS[campaign.method] ?? campaign.method}</span>
            </span>
            <span class="badge ${campaign.status === "running" ? "good" : ""}">
              <${Icon} name=${campaign.status === "running" ? "play" : "pause"} />
              ${campaign.status === "running" ? "Running" : "Paused"}
            </span>
            <button
              type="button"
              class="button primary"
              aria-label=${`Join ${campaign.name}`}
              onClick=${() => join(campaign.id)}
            >
              Join
            </button>
          </li>
        `,
      )}
    </ul>
  `;
}

function Choose() {
  const notice = state.agent.value?.notice;
  return html`
    <section class="idle card" aria-labelledby="idle-title">
      <span class="idle-mark neutral"><${Icon} name="headset" /></span>
      <h1 id="idle-title">Choose a campaign</h1>
      <p class="idle-words">${notice || "You take calls as soon as you are ready in one."}</p>
      <${CampaignList} />
    </section>
  `;
}

const NEXT = {
  ready: {
    predictive: "The next call connects by itself. You hear a short tone first.",
    progressive: "The next call connects by itself. You hear a short tone first.",
    preview: "The next lead is shown to you before it is dialed.",
    manual: "Enter a number to call.",
  },
  paused: { default: "No call comes while you are paused." },
};

function Waiting() {
  const agent = state.agent.value;
  const name = state.stateName.value;
  const look = STATES[name];
  const words = agent.notice || NEXT[name]?.[agent.campaign.method] || NEXT[name]?.default || "";
  const titles = {
    ready: "Ready for the next call",
    paused: state.pauseName.value ? `Paused: ${state.pauseName.value}` : "Paused",
    reserved: "A call is coming",
  };
  return html`
    <section class="idle card" aria-labelledby="idle-title">
      <span class="idle-mark ${look.tone} ${name === "ready" && !agent.notice ? "waiting" : ""}">
        <${Icon} name=${look.icon} />
      </span>
      <h1 id="idle-title">${titles[name] ?? look.word}</h1>
      <p class="idle-words">
        ${
          agent.notice &&
          html`
            <${Icon} name="clock" />
          `
        }${words}
      </p>
      <div class="idle-actions">
        ${
          name === "paused" &&
          html`
            <button type="button" class="button primary large" onClick=${goReady}>
              <${Icon} name="play" />
              Go ready
              <kbd>R</kbd>
            </button>
          `
        }
        ${
          name === "ready" &&
          html`
            <button type="button" class="button large" onClick=${() => (state.dialog.value = "pause")}>
              <${Icon} name="pause" />
              Pause
              <kbd>P</kbd>
            </button>
          `
        }
        <button type="button" class="button large" onClick=${() => (state.dialog.value = "dial")}>
          <${Icon} name="keypad" />
          Dial a number
          <kbd>D</kbd>
        </button>
      </div>
    </section>
  `;
}

export function Idle() {
  if (!state.agent.value)
    return html`
      <section class="idle card" aria-busy="true"><p class="soft">Connecting to Paceline…</p></section>
    `;
  return state.inCampaign.value
    ? html`
        <${Waiting} />
      `
    : html`
        <${Choose} />
      `;
}
