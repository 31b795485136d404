/** Values as people read them. */

const MINUTE_S = 60;
const HOUR_S = 3600;

/** Seconds as a clock: 0:07, 12:40, 1:02:03. */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const pad = (value) => String(value).padStart(2, "0");
  const [h, m, s] = [Math.floor(whole / HOUR_S), Math.floor((whole % HOUR_S) / MINUTE_S), whole % MINUTE_S];
  return h ? `${h}:${pad(m)}:${pad(s)}` : `${m}:${pad(s)}`;
}

/** An E.164 number: +12125550123 as (212) 555-0123, others as they are. */
export function phone(number) {
  const north = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(number ?? "");
  return north ? `(${north[1]}) ${north[2]}-${north[3]}` : (number ?? "");
}

/** The letters of a lead's badge. */
export function initials(name) {
  const words = (name ?? "").trim().split(/\s+/).filter(Boolean);
  return (words.length > 1 ? words[0][0] + words.at(-1)[0] : (words[0] ?? "?").slice(0, 2)).toUpperCase();
}

/** "first_name" as "First name". */
export function label(field) {
  const words = field.replaceAll("_", " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const ENDINGS = {
  far: "They hung up",
  us: "You hung up",
  node: "Cut off by a failure of ours",
  timeout: "No answer from the carrier",
  ring_limit: "Nobody answered",
};

/** How a call ended, in words. */
export function ending(reason) {
  return ENDINGS[reason] ?? "The call has ended";
}

/** What was measured of the audio, in words. */
export function qualityWords({ word, rttMs, lossShare, jitterMs }) {
  return `${word}: ${rttMs} ms round trip, ${(100 * lossShare).toFixed(1)} % loss, ${jitterMs} ms jitter.`;
}
