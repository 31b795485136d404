/** The script, with the lead's fields in their places. */

import { label } from "../format.js";
import { html } from "../html.js";
import { merge } from "../merge.js";
import * as state from "../state.js";

export function Script() {
  const agent = state.agent.value;
  const paragraphs = merge(state.script.value, state.lead.value, {
    agent_name: agent?.name,
    campaign: agent?.campaign?.name,
  });
  return html`
    <section class="script card" aria-labelledby="script-title">
      <h2 id="script-title">Script</h2>
      <div class="script-text" tabindex="0" role="group" aria-label="Script text">
        ${
          paragraphs.length
            ? paragraphs.map(
                (pieces) => html`
                  <p>${pieces.map(Piece)}</p>
                `,
              )
            : html`
                <p class="soft">This campaign has no script.</p>
              `
        }
      </div>
    </section>
  `;
}

function Piece(piece) {
  if (piece.text !== undefined) return piece.text;
  if (piece.value === null)
    return html`
      <span class="unknown">${label(piece.field.split(".").at(-1))}?</span>
    `;
  return html`
    <span class="merged">${piece.value}</span>
  `;
}
