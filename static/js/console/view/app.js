/** The whole screen. */

import { useEffect } from "preact/hooks";
import { shown } from "../actions.js";
import { html } from "../html.js";
import * as state from "../state.js";
import { Announcer, Banner } from "./banner.js";
import { CallCard } from "./callcard.js";
import { Dialogs } from "./dialogs.js";
import { Idle } from "./idle.js";
import { Outcome } from "./outcome.js";
import { Script } from "./script.js";
import { Side } from "./side.js";
import { Topbar } from "./topbar.js";

/** Tells the server that the lead is on screen, once the browser has painted it. */
function useShown() {
  const id = state.call.value?.id;
  const visible = Boolean(id && state.lead.value);
  useEffect(() => {
    if (visible) requestAnimationFrame(() => requestAnimationFrame(() => shown(id)));
  }, [id, visible]);
}

function Work() {
  useShown();
  if (!state.call.value || !state.inCampaign.value)
    return html`
      <${Idle} />
    `;
  const disposable = ["talking", "hold", "wrapup"].includes(state.stateName.value);
  return html`
    <${CallCard} />
    <div class="below ${disposable ? "with-outcome" : ""}">
      <${Script} />
      ${
        disposable &&
        html`
          <${Outcome} />
        `
      }
    </div>
  `;
}

export function App() {
  return html`
    <div class="shell">
      <${Topbar} />
      <${Banner} />
      <div class="work">
        <div class="centre"><${Work} /></div>
        <${Side} />
      </div>
      <${Announcer} />
      <${Dialogs} />
    </div>
  `;
}
