/** Times in the lead's zone: clocks, words for days, and the times that a callback may be promised for. */

const DAY_S = 86400;
const OPENS_H = 8;
const CLOSES_H = 21;
/** 47 CFR 64.1200(c)(1): no telephone solicitation before 8 a.m. or after 9 p.m. at the called person's place. */
const ROUND_S = 300;
const CHOICES = 6;

function part(unix, zone, options) {
  return new Intl.DateTimeFormat(undefined, { timeZone: zone, ...options }).format(unix * 1000);
}

/** Whether the browser knows the zone. */
export function knownZone(zone) {
  try {
    return Boolean(zone) && Boolean(new Intl.DateTimeFormat("en", { timeZone: zone }));
  } catch {
    return false;
  }
}

/** The wall clock in a zone as numbers. */
export function wall(unix, zone) {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
  });
  const found = Object.fromEntries(
    format.formatToParts(unix * 1000).map(({ type, value }) => [type, Number(value)]),
  );
  return { year: found.year, month: found.month, day: found.day, hour: found.hour, minute: found.minute };
}

function asUtc({ year, month, day, hour, minute }) {
  return Date.UTC(year, month - 1, day, hour, minute) / 1000;
}

/** Unix seconds of a wall clock in a zone; in the hour that a clock change skips, the hour after it. */
export function unixOf(clockTime, zone) {
  const wanted = asUtc(clockTime);
  const offsetAt = (unix) => asUtc(wall(unix, zone)) - Math.floor(unix / 60) * 60;
  const first = wanted - offsetAt(wanted);
  return wanted - offsetAt(first);
}

/** "2:05 PM", and "2 PM" where `short` and the hour is full. */
export function timeIn(unix, zone, short = false) {
  const full = short && wall(unix, zone).minute === 0 && part(unix, zone, { hour: "numeric" });
  return full && /[a-z]/i.test(full) ? full : part(unix, zone, { hour: "numeric", minute: "2-digit" });
}

/** "EST" */
export function zoneName(unix, zone) {
  const parts = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "short" }).formatToParts(
    unix * 1000,
  );
  return parts.find(({ type }) => type === "timeZoneName").value;
}

function dayNumber(unix, zone) {
  const { year, month, day } = wall(unix, zone);
  return Date.UTC(year, month - 1, day) / 1000 / DAY_S;
}

/** "Today", "Tomorrow", "Mon", "12 Nov" seen from now. */
export function dayWord(unix, zone, now) {
  const ahead = dayNumber(unix, zone) - dayNumber(now, zone);
  if (ahead === 0) return "Today";
  if (ahead === 1) return "Tomorrow";
  if (ahead === -1) return "Yesterday";
  if (ahead > 1 && ahead < 7) return part(unix, zone, { weekday: "short" });
  return part(unix, zone, { day: "numeric", month: "short" });
}

/** "Tomorrow 10:00 AM" */
export function dayAndTime(unix, zone, now) {
  return `${dayWord(unix, zone, now)} ${timeIn(unix, zone)}`;
}

/** Whether a callback may be promised for then. */
export function lawful(unix, zone) {
  const { hour } = wall(unix, zone);
  return hour >= OPENS_H && hour < CLOSES_H;
}

function at(now, zone, daysAhead, hour) {
  const noon = wall(now + daysAhead * DAY_S, zone);
  return unixOf({ ...noon, hour, minute: 0 }, zone);
}

function later(now, seconds) {
  return Math.ceil((now + seconds) / ROUND_S) * ROUND_S;
}

/** Times that a callback may be promised for: [{label, at}], lawful at the lead, soonest first. */
export function callbackChoices(now, zone) {
  const weekday = new Date(dayNumber(now, zone) * DAY_S * 1000).getUTCDay();
  const untilMonday = (8 - weekday) % 7 || 7;
  const offered = [
    { label: "In 30 min", at: later(now, 1800) },
    { label: "In 1 hour", at: later(now, 3600) },
    { label: "In 3 hours", at: later(now, 3 * 3600) },
    ...[
      [0, 17],
      [1, 10],
      [1, 15],
      [untilMonday, 10],
      [7, 10],
    ].map(([days, hour]) => {
      const time = at(now, zone, days, hour);
      return { label: `${dayWord(time, zone, now)} ${timeIn(time, zone, true)}`, at: time };
    }),
  ];
  const seen = new Set();
  const fits = ({ at: time }) => time > now + 600 && lawful(time, zone) && !seen.has(time) && seen.add(time);
  return offered
    .filter(fits)
    .sort((a, b) => a.at - b.at)
    .slice(0, CHOICES);
}

/** A value for <input type="datetime-local">. */
export function inputValue(unix, zone) {
  const { year, month, day, hour, minute } = wall(unix, zone);
  const two = (value) => String(value).padStart(2, "0");
  return `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}`;
}

/** Unix seconds of such a value read in the zone, or null. */
export function fromInput(value, zone) {
  const match = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})/.exec(value);
  if (!match) return null;
  const [year, month, day, hour, minute] = match.slice(1).map(Number);
  return unixOf({ year, month, day, hour, minute }, zone);
}
