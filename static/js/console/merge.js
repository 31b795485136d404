/** A script with the lead's fields in their places. */

const PLACE = /\{\{\s*([A-Za-z0-9_.]+)\s*\}\}/g;

function lookUp(name, lead, more) {
  const [first, ...rest] = name.split(".");
  const sources = first === "custom" ? [lead.custom ?? {}] : [lead, lead.custom ?? {}, more];
  const key = first === "custom" ? rest.join(".") : name;
  for (const source of sources) {
    const value = source[key];
    if (["string", "number"].includes(typeof value) && value !== "") return String(value);
  }
  return null;
}

/** The script as paragraphs of pieces: {text} as written, {field, value} where a field stands; value null when unknown. */
export function merge(script, lead, more = {}) {
  const paragraphs = script
    .replaceAll("\r", "")
    .split(/\n\s*\n/)
    .filter((text) => text.trim());
  return paragraphs.map((paragraph) => pieces(paragraph.trim(), lead ?? {}, more));
}

function pieces(text, lead, more) {
  const found = [];
  let end = 0;
  for (const match of text.matchAll(PLACE)) {
    if (match.index > end) found.push({ text: text.slice(end, match.index) });
    found.push({ field: match[1], value: lookUp(match[1], lead, more) });
    end = match.index + match[0].length;
  }
  if (end < text.length) found.push({ text: text.slice(end) });
  return found;
}
