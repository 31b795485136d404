/** Icons of the console, drawn on 24 x 24 with the stroke of the text's colour. */

import { html } from "../html.js";

const PATHS = {
  alert: "M12 4 2.8 20h18.4zM12 10v4m0 3v.1",
  back: "M9 6H5v12h14V6h-4M12 15V3m-3 3 3-3 3 3",
  calendar: "M4 6h16v14H4zM4 10h16M8 3v4m8-4v4",
  check: "m5 12.5 4.5 4.5L19 7.5",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3.5 2",
  cross: "M6 6l12 12M18 6 6 18",
  down: "m6 9 6 6 6-6",
  eye: "M2 12s3.6-6.5 10-6.5S22 12 22 12s-3.6 6.5-10 6.5S2 12 2 12zm10 2.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6z",
  headset: "M4 15v-3a8 8 0 0 1 16 0v3M4 14h3v6H5a1 1 0 0 1-1-1zm16 0h-3v6h2a1 1 0 0 0 1-1z",
  help: "M9 9a3 3 0 1 1 4.2 2.7c-.8.4-1.2 1-1.2 1.8v.5m0 3.4v.1M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z",
  hold: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM10 9v6m4-6v6",
  hourglass: "M7 3h10M7 21h10M8 3v4l4 5 4-5V3M8 21v-4l4-5 4 5v4",
  keypad: "M6 5v.1M12 5v.1M18 5v.1M6 11v.1M12 11v.1M18 11v.1M6 17v.1M12 17v.1M18 17v.1",
  mic: "M12 15a3 3 0 0 0 3-3V6a3 3 0 0 0-6 0v6a3 3 0 0 0 3 3zm-7-3a7 7 0 0 0 14 0m-7 7v3",
  micOff:
    "M9 9v3a3 3 0 0 0 4.6 2.5M15 11V6a3 3 0 0 0-5.9-.7M5 12a7 7 0 0 0 11.4 5.4M19 12c0 .8-.1 1.5-.4 2.2M12 19v3M3 3l18 18",
  moon: "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z",
  next: "M5 5l9 7-9 7zM18 5v14",
  note: "M5 4h14v12l-4 4H5zM9 9h6m-6 4h4",
  out: "M10 4H5v16h5M15 8l4 4-4 4m4-4H9",
  pause: "M8 5v14M16 5v14",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zm-8 9a8 8 0 0 1 16 0",
  phone:
    "M6.5 3H10l1.5 5-2.3 1.6a13 13 0 0 0 5.2 5.2L16 12.5l5 1.5v3.5A3.5 3.5 0 0 1 17.5 21C9.5 21 3 14.5 3 6.5A3.5 3.5 0 0 1 6.5 3z",
  phoneOff:
    "M2.5 14.5c0-3.6 4.6-6 9.5-6s9.5 2.4 9.5 6v1.2a1 1 0 0 1-1.2 1l-3.8-.9a1 1 0 0 1-.8-1v-2.2a12 12 0 0 0-7.4 0v2.2a1 1 0 0 1-.8 1l-3.8.9a1 1 0 0 1-1.2-1z",
  play: "M7 5v14l11-7z",
  signal: "M5 20v-4m5 4v-8m5 8V8m5 12V4",
};

/** One icon; it always stands beside a word or carries a label of its parent. */
export function Icon({ name }) {
  return html`
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d=${PATHS[name]} /></svg>
  `;
}
