// The line of one rental: above it what the client did, below it what the partner did or will do,
// and on it how far the rental has come.

/** @import { Mark, Rental } from './types' */

import { svg } from './dom.js';
import { brief, duration } from './format.js';
import { place } from './scale.js';

const [CLIENT, LIFE, PARTNER, LABEL, HEIGHT] = [14, 36, 59, 82, 88];
// Labels that are closer than this, in percent, would overlap.
const APART = 12;

/** @typedef {{ x: number, text: string, kind: string, rank: number }} Label */
/** @typedef {(at: number) => number} ToPercent from milliseconds since 1970 */

/** @param {number} x */
const percent = (x) => `${x.toFixed(2)}%`;

/**
 * @param {number} x1
 * @param {number} y1
 * @param {number} x2
 * @param {number} y2
 * @param {string} kind
 */
const line = (x1, y1, x2, y2, kind) =>
  svg('line', { x1: percent(x1), y1, x2: percent(x2), y2, class: kind });

/**
 * @param {number} x
 * @param {number} y
 * @param {number} r
 * @param {string} kind
 * @param {string} title
 */
const dot = (x, y, r, kind, title) =>
  svg('circle', { cx: percent(x), cy: y, r, class: kind }, svg('title', {}, title));

/**
 * @param {number} from
 * @param {number} to
 * @param {string} kind
 */
function bar(from, to, kind) {
  const width = percent(Math.max(0, to - from));
  const [x, y] = [percent(from), LIFE - 6];
  return svg('rect', { x, width, y, height: 12, rx: 6, class: kind });
}

/**
 * The labels that have room, the most telling first.
 * @param {Label[]} wanted
 */
export function fitting(wanted) {
  /** @type {Label[]} */
  const shown = [];
  for (const one of wanted.toSorted((a, b) => a.rank - b.rank)) {
    // A label at the right end extends to the left only.
    /** @param {Label} other */
    const room = ({ x }) => APART + (Math.max(x, one.x) > 90 ? 8 : 0);
    if (shown.every((other) => Math.abs(other.x - one.x) >= room(other))) shown.push(one);
  }
  return shown;
}

/**
 * The first poll that showed an SMS.
 * @param {number} received
 * @param {Mark[]} marks
 */
export const readBy = (received, marks) =>
  marks.find(
    ({ at, endpoint, status, code }) =>
      endpoint === 'getSMS' && status === 200 && !code && at >= received,
  );

/**
 * @param {Mark[]} marks
 * @param {ToPercent} x
 * @param {number} start
 */
function client(marks, x, start) {
  const polls = marks.filter(({ endpoint }) => endpoint === 'getSMS');
  const ticks = polls.map((poll) => {
    const kind = poll.code || poll.status !== 200 ? 'poll failed' : 'poll';
    return line(x(poll.at), CLIENT - 8, x(poll.at), CLIENT + 8, kind);
  });
  const cancels = marks.filter(({ endpoint }) => endpoint === 'cancelNumber');
  const crosses = cancels.map(({ at, code }) => {
    const title = svg('title', {}, code ? `cancel: ${code}` : 'cancelled');
    const attributes = { x: percent(x(at)), y: CLIENT + 7, 'text-anchor': 'middle' };
    return svg('text', { ...attributes, class: 'cancel' }, '×', title);
  });
  return [dot(x(start), CLIENT, 5, 'rented', 'rented'), ...ticks, ...crosses];
}

/**
 * @param {Rental} rental
 * @param {Mark[]} marks
 * @param {ToPercent} x
 * @param {number} now
 */
function partner(rental, marks, x, now) {
  const drawn = [];
  /** @type {Label[]} */
  const wanted = [];
  for (const sms of rental.messages) {
    const at = x(Date.parse(sms.received_at));
    const poll = readBy(Date.parse(sms.received_at), marks);
    if (poll) drawn.push(line(x(poll.at), CLIENT + 8, at, PARTNER - 8, 'reads'));
    drawn.push(dot(at, PARTNER, 7, poll ? 'sms' : 'sms unread', `${sms.sender}: ${sms.text}`));
    const code = sms.expected_code;
    wanted.push({ x: at, text: code ?? 'no code', kind: 'code', rank: code ? 0 : 2 });
  }
  rental.scheduled.forEach((due, i) => {
    const at = Date.parse(due.at);
    const title = `${due.event} in ${duration(at - now)}`;
    drawn.push(dot(x(at), PARTNER, 7, `due ${due.event}`, title));
    const rest = brief(at - now);
    /** @type {Record<string, string>} */
    const texts = { sms: `SMS in ${rest}`, expiry: `expires in ${rest}` };
    const text = texts[due.event] ?? `taken back in ${rest}`;
    wanted.push({ x: x(at), text, kind: 'soon', rank: i === 0 ? 1 : 3 });
  });
  const labels = fitting(wanted).map(({ x, text, kind }) => {
    const anchor = x > 90 ? 'end' : x < 4 ? 'start' : 'middle';
    return svg('text', { x: percent(x), y: LABEL, 'text-anchor': anchor, class: kind }, text);
  });
  return [...drawn, ...labels];
}

/**
 * @param {Rental} rental
 * @param {Mark[]} marks
 * @param {number} now
 * @param {number} whole how many milliseconds the line shows, from the start of the rental
 */
export function timeline(rental, marks, now, whole) {
  const start = Date.parse(rental.rented_at);
  const expiry = Date.parse(rental.expires_at);
  const end = rental.ended_at ? Date.parse(rental.ended_at) : null;
  /** @type {ToPercent} */
  const x = (at) => Math.min(100, place(at - start, whole));
  const reached = x(end ?? Math.min(now, expiry));
  /** @type {SVGElement[]} */
  const drawn = [bar(0, x(expiry), 'still'), bar(0, reached, `life ${rental.state}`)];
  // The time that an SMS waited to be read.
  for (const sms of rental.messages) {
    const received = Date.parse(sms.received_at);
    const until = readBy(received, marks)?.at ?? end ?? now;
    drawn.push(bar(x(received), x(until), 'unread-for'));
  }
  const next = end === null ? rental.scheduled[0] : undefined;
  if (next) drawn.push(line(reached, PARTNER, x(Date.parse(next.at)), PARTNER, 'waits'));
  const tip = line(
    reached,
    LIFE - 12,
    reached,
    LIFE + 12,
    end === null ? 'tip' : `end ${rental.state}`,
  );
  return svg(
    'svg',
    {
      class: 'timeline',
      height: HEIGHT,
      width: '100%',
      'aria-hidden': 'true',
      focusable: 'false',
    },
    ...drawn,
    ...client(marks, x, start),
    ...partner(rental, marks, x, now),
    tip,
  );
}
