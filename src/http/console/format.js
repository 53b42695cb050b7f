// Times, durations and sums, as people read them.

/** @import { Clock, JournalEntry, Sandbox } from './types' */

/** @param {number} n */
const twoDigits = (n) => String(n).padStart(2, '0');

/** @param {number} ms since 1970 */
export function timeOfDay(ms) {
  const date = new Date(ms);
  const parts = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()];
  return parts.map(twoDigits).join(':');
}

/** @param {number} ms since 1970 */
export const day = (ms) => new Date(ms).toISOString().slice(0, 10);

/**
 * 8 s, 1 min 35 s, 20 min
 * @param {number} ms
 */
export function duration(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const rest = hours ? 0 : seconds % 60;
  const parts = [hours && `${hours} h`, minutes && `${minutes} min`, rest && `${rest} s`];
  return parts.filter(Boolean).join(' ');
}

/**
 * The same for a label on a line, in whole minutes from two on: 19 min
 * @param {number} ms
 */
export const brief = (ms) => duration(ms < 120_000 ? ms : Math.round(ms / 60_000) * 60_000);

/**
 * @param {number} n
 * @param {string} one
 */
export const count = (n, one, many = `${one}s`) =>
  `${n.toLocaleString('en')} ${n === 1 ? one : many}`;

/** @param {number} n */
export const usd = (n) => `$${n.toFixed(2)}`;

/**
 * What the clock of a sandbox shows now, if nobody has moved it since the page last heard of it.
 * @param {Sandbox} sandbox
 */
export function nowOf({ clock, now, heardAt }, at = performance.now()) {
  const rate = clock.mode === 'realtime' ? 1 : clock.mode === 'scaled' ? clock.rate : 0;
  return Date.parse(now) + (at - heardAt) * rate;
}

/** @param {Clock} clock */
export function modeOf(clock) {
  switch (clock.mode) {
    case 'realtime':
      return 'real time';
    case 'scaled':
      return `×${clock.rate}`;
    case 'per_poll':
      return `${clock.step} a poll`;
    default:
      return clock.mode;
  }
}

/**
 * The path that a request called.
 * @param {Pick<JournalEntry, 'endpoint' | 'path'>} entry
 */
export const pathOf = ({ endpoint, path }) => path ?? `/${endpoint}`;
