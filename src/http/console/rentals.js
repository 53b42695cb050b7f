// The rentals, each with its timeline and what it waits for.

/** @import { Mark, Rental, State, Store, Sync } from './types' */

import { find, h, inside, list, say, svg } from './dom.js';
import { duration, nowOf, usd } from './format.js';
import { ticks } from './scale.js';
import { readBy, timeline } from './timeline.js';

/**
 * A sandbox that is reset gives the same ids again; the rest tells the rentals apart.
 * @param {Rental} rental
 */
const idOf = ({ api_key, rental_id, number, rented_at }) =>
  [api_key, rental_id, number, rented_at].join(' ');

/**
 * @param {State} state
 * @param {Rental} rental
 */
function clockOf({ sandbox, sandboxes }, { api_key, rented_at }) {
  const known = sandbox ?? sandboxes.find((one) => one.api_key === api_key);
  return known ? nowOf(known) : Date.parse(rented_at);
}

/**
 * Who waits for what, in one sentence.
 * @param {Rental} rental
 * @param {Mark[]} marks
 * @param {number} now
 */
export function waits(rental, marks, now) {
  const back = `${usd(rental.refund)} paid back`;
  if (rental.state === 'cancelled') return `Cancelled, ${back}.`;
  if (rental.state === 'expired') return `Expired, ${back}.`;
  const unread = rental.messages.find((sms) => !readBy(Date.parse(sms.received_at), marks));
  if (unread) {
    if (rental.state !== 'live') return 'Sold, but the client never read its SMS.';
    const since = duration(now - Date.parse(unread.received_at));
    return `An SMS has waited for the client's poll for ${since}.`;
  }
  if (rental.state === 'sold') return `Sold for ${usd(rental.price)}.`;
  const next = rental.scheduled.find(({ event }) => event !== 'expiry');
  if (!next) {
    const expires = `It expires in ${duration(Date.parse(rental.expires_at) - now)}.`;
    const read = rental.messages.length ? 'The client has its SMS.' : 'No SMS is due.';
    return `${read} ${expires}`;
  }
  const polls = marks.some(({ endpoint }) => endpoint === 'getSMS');
  const client = polls ? 'The client polls and waits' : 'The client has not polled yet';
  const event = next.event === 'sms' ? 'an SMS comes' : 'the partner takes the number back';
  return `${client}; ${event} in ${duration(Date.parse(next.at) - now)}.`;
}

/**
 * How much time the timelines show: that of the longest rental.
 * @param {Rental[]} rentals
 */
export function wholeOf(rentals) {
  const lengths = rentals.map(({ rented_at, expires_at, scheduled, messages }) => {
    const due = scheduled.map(({ at }) => at);
    const received = messages.map((sms) => sms.received_at);
    const ends = [expires_at, ...due, ...received].map((at) => Date.parse(at));
    return Math.max(...ends) - Date.parse(rented_at);
  });
  return Math.max(60_000, ...lengths);
}

/**
 * @param {Store} store
 * @param {Sync} sync
 */
function make(store, sync) {
  /** @param {Rental} rental */
  return (rental) => {
    const choose = () => {
      // While all sandboxes are shown, act on the rental's own one.
      if (store.state.key === null) sync.choose(rental.api_key);
      store.dispatch({ type: 'got', what: 'rental', value: rental.rental_id });
    };
    return h(
      'article',
      { class: 'rental', 'aria-label': `Rental ${rental.rental_id}` },
      h(
        'header',
        {},
        h('span', { class: 'state chip' }),
        h('strong', { class: 'number' }, rental.number),
        h('span', { class: 'of' }, [rental.country, rental.service].filter(Boolean).join(' · ')),
        h('span', { class: 'muted id' }, rental.rental_id),
        h('span', { class: 'muted owner' }, rental.api_key),
        h(
          'button',
          {
            type: 'button',
            class: 'quiet choose',
            'aria-label': `Act on it: ${rental.rental_id}`,
            onclick: choose,
          },
          'Act on it',
        ),
      ),
      h('p', { class: 'waits-for' }),
      h(
        'div',
        { class: 'lanes' },
        h('span', {}, 'client'),
        h('span', {}, 'partner'),
        h('div', { class: 'drawing' }),
      ),
      h('details', {}, h('summary', {}, 'In words'), h('ol', { class: 'words' })),
    );
  };
}

/**
 * @param {Store} store
 * @param {Sync} sync
 */
export function showRentals(store, sync) {
  const box = find('rental-list');
  store.watch(
    (state) => [state.rentals, state.marks, state.sandbox, state.rental, state.tick],
    (state) => {
      const { rentals } = state;
      const whole = wholeOf(rentals);
      find('no-rentals').hidden = rentals.length > 0;
      find('axis').hidden = rentals.length === 0;
      drawAxis(whole);
      list(box, rentals, idOf, make(store, sync), (node, rental) => {
        const now = clockOf(state, rental);
        const marks = state.marks[rental.rental_id] ?? [];
        const chip = inside(node, '.state');
        say(chip, rental.state);
        chip.dataset.state = rental.state;
        const isChosen = rentals.length > 1 && rental.rental_id === state.rental;
        node.classList.toggle('chosen', isChosen);
        say(inside(node, '.waits-for'), waits(rental, marks, now));
        inside(node, '.drawing').replaceChildren(timeline(rental, marks, now, whole));
        list(
          inside(node, '.words'),
          rental.timeline.map((line, i) => ({ line, i })),
          ({ line, i }) => i + line,
          ({ line }) => h('li', {}, line),
        );
      });
    },
  );
}

/** @param {number} whole */
function drawAxis(whole) {
  const axis = find('axis');
  if (axis.dataset.whole === String(whole)) return;
  axis.dataset.whole = String(whole);
  const texts = ticks(whole).map(({ at, text, isMain }) => {
    const anchor = at === 0 ? 'start' : at > 97 ? 'end' : 'middle';
    const attributes = { x: `${at}%`, y: 12, 'text-anchor': anchor, class: isMain ? '' : 'tight' };
    return svg('text', attributes, text);
  });
  axis.replaceChildren(svg('svg', { width: '100%', height: 16 }, ...texts));
}
