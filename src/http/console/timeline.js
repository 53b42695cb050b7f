// The line of one rental: above it what the client did, below it what the partner's side did or
// will do, between them how far its life has come.

import { svg } from './dom.js';
import { place } from './scale.js';
import { brief, span } from './format.js';

const [CLIENT, LIFE, PARTNER, LABEL, HEIGHT] = [14, 36, 59, 82, 88];
// Labels that would stand closer than this, in percent, would stand on each other.
const APART = 12;

const percent = (x) => `${x.toFixed(2)}%`;
const line = (x1, y1, x2, y2, kind) => svg('line', { x1: percent(x1), y1, x2: percent(x2), y2, class: kind });
const dot = (x, y, r, kind, title) => svg('circle', { cx: percent(x), cy: y, r, class: kind }, svg('title', {}, title));

function bar(from, to, kind) {
  const width = Math.max(0, to - from);
  return svg('rect', { x: percent(from), width: percent(width), y: LIFE - 6, height: 12, rx: 6, class: kind });
}

// The labels below the line: the most telling ones first, and none on another.
function labels(wanted) {
  const shown = [];
  const anchor = (x) => (x > 90 ? 'end' : x < 4 ? 'start' : 'middle');
  for (const one of wanted.sort((a, b) => a.rank - b.rank)) {
    if (shown.every(({ x }) => Math.abs(x - one.x) >= APART + (Math.max(x, one.x) > 90 ? 8 : 0))) shown.push(one);
  }
  return shown.map(({ x, text, kind }) => svg('text', { x: percent(x), y: LABEL, 'text-anchor': anchor(x), class: kind }, text));
}

// Which poll was the first to show an SMS.
export const readBy = (received, marks) =>
  marks.find(({ at, endpoint, status, code }) => endpoint === 'getSMS' && status === 200 && !code && at >= received);

function client(marks, x, start) {
  const polls = marks.filter(({ endpoint }) => endpoint === 'getSMS');
  const ticks = polls.map((poll) => {
    const kind = poll.code || poll.status !== 200 ? 'poll failed' : 'poll';
    return line(x(poll.at), CLIENT - 8, x(poll.at), CLIENT + 8, kind);
  });
  const cancels = marks.filter(({ endpoint }) => endpoint === 'cancelNumber').map(({ at, code }) => {
    const text = code ? `cancel: ${code}` : 'cancelled';
    return svg('text', { x: percent(x(at)), y: CLIENT + 7, 'text-anchor': 'middle', class: 'cancel' }, '×', svg('title', {}, text));
  });
  return [dot(x(start), CLIENT, 5, 'rented', 'rented'), ...ticks, ...cancels];
}

function partner(rental, marks, x, now) {
  const drawn = [];
  const wanted = [];
  for (const sms of rental.messages) {
    const at = x(Date.parse(sms.received_at));
    const poll = readBy(Date.parse(sms.received_at), marks);
    if (poll) drawn.push(line(x(poll.at), CLIENT + 8, at, PARTNER - 8, 'reads'));
    drawn.push(dot(at, PARTNER, 7, poll ? 'sms' : 'sms unread', `${sms.sender}: ${sms.text}`));
    const code = sms.expected_code;
    wanted.push({ x: at, text: code ?? 'no code', kind: 'code', rank: code ? 0 : 2 });
  }
  for (const due of rental.scheduled) {
    const when = Date.parse(due.at);
    const rest = brief(when - now);
    drawn.push(dot(x(when), PARTNER, 7, `due ${due.event}`, `${due.event} in ${span(when - now)}`));
    const text = { sms: `SMS in ${rest}`, expiry: `expires in ${rest}` }[due.event] ?? `taken back in ${rest}`;
    wanted.push({ x: x(when), text, kind: 'soon', rank: due === rental.scheduled[0] ? 1 : 3 });
  }
  return [...drawn, ...labels(wanted)];
}

// `whole` is how much time the line shows, from the rental on.
export function timeline(rental, marks, now, whole) {
  const start = Date.parse(rental.rented_at);
  const end = rental.ended_at ? Date.parse(rental.ended_at) : null;
  const x = (moment) => Math.min(100, place(moment - start, whole));
  const come = x(end ?? Math.min(now, Date.parse(rental.expires_at)));
  const drawn = [bar(0, x(Date.parse(rental.expires_at)), 'still'), bar(0, come, `life ${rental.state}`)];
  // The time in which an SMS lay there and nobody fetched it.
  for (const sms of rental.messages) {
    const received = Date.parse(sms.received_at);
    const until = readBy(received, marks)?.at ?? end ?? now;
    drawn.push(bar(x(received), x(until), 'unread-for'));
  }
  const next = end === null ? rental.scheduled[0] : undefined;
  if (next) drawn.push(line(come, PARTNER, x(Date.parse(next.at)), PARTNER, 'waits'));
  drawn.push(...client(marks, x, start), ...partner(rental, marks, x, now));
  const tip = end === null ? 'tip' : `end ${rental.state}`;
  drawn.push(line(come, LIFE - 12, come, LIFE + 12, tip));
  return svg('svg', { class: 'timeline', height: HEIGHT, width: '100%', 'aria-hidden': 'true', focusable: 'false' }, ...drawn);
}
