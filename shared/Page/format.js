// Writes numbers, times and names for people.

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });
const today = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

/** @param {number | null | undefined} value */
export const count = (value) => (value === null || value === undefined ? "–" : whole.format(value));

/**
 * A count with its noun.
 * @param {number} value
 * @param {string} one
 * @param {string} [many]
 */
export const counted = (value, one, many = `${one}s`) => `${count(value)} ${value === 1 ? one : many}`;

/** @param {number | null | undefined} value */
export const pixels = (value) => (value === null || value === undefined ? "–" : `${value.toFixed(value < 10 ? 2 : 1)} px`);

/** @param {number} share */
export const percent = (share) => `${short.format(share * 100)} %`;

/** @param {number} value */
export function bytes(value) {
  const units = ["bytes", "KB", "MB", "GB", "TB"];
  let unit = 0;
  let rest = value;
  for (; rest >= 1000 && unit < units.length - 1; unit++) rest /= 1000;
  return `${unit === 0 ? whole.format(rest) : short.format(rest)} ${units[unit]}`;
}

/** @param {number} seconds */
export function duration(seconds) {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min${s < 600 && s % 60 ? ` ${s % 60} s` : ""}`;
  if (s < 86_400) return `${Math.floor(s / 3600)} h${Math.floor((s % 3600) / 60) ? ` ${Math.floor((s % 3600) / 60)} min` : ""}`;
  return counted(Math.floor(s / 86_400), "day");
}

/** @param {string} time */
export function moment(time) {
  const date = new Date(time);
  return date.toDateString() === new Date().toDateString() ? `today, ${today.format(date)}` : day.format(date);
}

/** @param {string} time */
export function ago(time) {
  const seconds = (Date.now() - Date.parse(time)) / 1000;
  if (seconds < -30) return `in ${duration(Math.ceil(-seconds / 60) * 60)}`;
  return seconds < 5 ? "just now" : seconds < 86_400 ? `${duration(seconds < 60 ? seconds : Math.floor(seconds / 60) * 60)} ago` : moment(time);
}

/**
 * Seconds between two times.
 * @param {string} from
 * @param {string} to
 */
export const seconds = (from, to) => Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);

/**
 * A keypoint's or a setting's name in words.
 * @param {string} name
 */
export const words = (name) => name.replace(/([a-z0-9])([A-Z])/g, "$1 $2").replace(/([A-Z])([A-Z][a-z])/g, "$1 $2").replace(/[_-]+/g, " ").toLowerCase();

/** @param {string} text */
export const sentence = (text) => (text ? text[0].toUpperCase() + text.slice(1) + (/[.!?…]$/.test(text) ? "" : ".") : text);
