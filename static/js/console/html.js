/** Templates for the console's views: Preact by way of htm, without a build step. */

import htm from "htm";
import { h } from "preact";

export const html = htm.bind(h);
