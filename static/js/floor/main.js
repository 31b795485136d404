/* The supervisor's live page. */

import { render } from "preact"

import { Agents } from "./agents.js"
import { Campaigns } from "./campaigns.js"
import { Carriers, Refusals } from "./carriers.js"
import { Head } from "./head.js"
import { Hour } from "./hour.js"
import { Panel } from "./panel.js"
import { Question } from "./question.js"
import { freshness, open } from "./store.js"
import { Tiles } from "./tiles.js"
import { html } from "./ui.js"

const FRESH = ["live", "slow"]

const Floor = () => html`
  <${Head} />
  <div class="board ${FRESH.includes(freshness.value) ? "" : "stale"}">
    <${Tiles} />
    <${Campaigns} />
    <div class="floor-columns">
      <${Agents} />
      <div class="stack"><${Hour} /><${Refusals} /><${Carriers} /></div>
    </div>
  </div>
  <${Panel} />
  <${Question} />
`

const root = document.getElementById("floor")
root.replaceChildren()
render(html`<${Floor} />`, root)
open()
