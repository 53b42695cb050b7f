// The rentals, each with its line and what it waits for.

import { find, h, list, say, svg } from './dom.js';
import { nowOf, span, usd } from './format.js';
import { ticks } from './scale.js';
import { readBy, timeline } from './timeline.js';

// A sandbox that begins anew gives its ids anew.
const idOf = ({ api_key, rental_id, number, rented_at }) => [api_key, rental_id, number, rented_at].join(' ');
const marksOf = (state, rental) => state.marks[rental.rental_id] ?? [];

function clockOf(state, rental) {
  const known = state.sandbox ?? state.sandboxes.find((sandbox) => sandbox.api_key === rental.api_key);
  return known ? nowOf(known) : Date.parse(rental.rented_at);
}

// What waits for what, in a sentence.
export function waits(rental, marks, now) {
  const back = `${usd(rental.refund)} paid back`;
  if (rental.state === 'cancelled') return `Cancelled, ${back}.`;
  if (rental.state === 'expired') return `Expired, ${back}.`;
  const unread = rental.messages.find((sms) => !readBy(Date.parse(sms.received_at), marks));
  if (unread) {
    const since = span(Math.max(0, now - Date.parse(unread.received_at)));
    return rental.state === 'live' ? `An SMS waits for the client's poll, for ${since}.` : 'Sold, and the client never read its SMS.';
  }
  if (rental.state === 'sold') return `Sold for ${usd(rental.price)}.`;
  const next = rental.scheduled.find(({ event }) => event !== 'expiry');
  const rest = `It expires in ${span(Date.parse(rental.expires_at) - now)}.`;
  if (!next) return rental.messages.length ? `The client has its SMS. ${rest}` : `No SMS is due. ${rest}`;
  const polls = marks.some(({ endpoint }) => endpoint === 'getSMS');
  const who = polls ? 'The client polls, and waits' : 'The client has not polled yet';
  const what = next.event === 'sms' ? 'an SMS comes' : 'the number is taken back';
  return `${who}; ${what} in ${span(Date.parse(next.at) - now)}.`;
}

function make(store, sync) {
  return (rental) => {
    const choose = () => {
      // Among all of them, it is its own sandbox that can be acted on.
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
        h('button', { type: 'button', class: 'quiet choose', 'aria-label': `Act on it: ${rental.rental_id}`, onclick: choose }, 'Act on it'),
      ),
      h('p', { class: 'waits-for' }),
      h('div', { class: 'lanes' }, h('span', {}, 'client'), h('span', {}, 'partner'), h('div', { class: 'drawing' })),
      h('details', {}, h('summary', {}, 'Tell it in words'), h('ol', { class: 'words' })),
    );
  };
}

export function showRentals(store, sync) {
  const box = find('rental-list');
  store.watch(
    (state) => [state.rentals, state.marks, state.sandbox, state.rental, state.tick],
    (state) => {
      const { rentals } = state;
      const spans = rentals.map((rental) => {
        const all = [rental.expires_at, ...rental.scheduled.map(({ at }) => at), ...rental.messages.map((sms) => sms.received_at)];
        return Math.max(...all.map(Date.parse)) - Date.parse(rental.rented_at);
      });
      const whole = Math.max(60_000, ...spans);
      find('no-rentals').hidden = rentals.length > 0;
      find('axis').hidden = rentals.length === 0;
      drawAxis(whole);
      list(box, rentals, idOf, make(store, sync), (node, rental) => {
        const [now, marks] = [clockOf(state, rental), marksOf(state, rental)];
        const chip = node.querySelector('.state');
        say(chip, rental.state);
        chip.dataset.state = rental.state;
        node.classList.toggle('chosen', rentals.length > 1 && rental.rental_id === state.rental);
        say(node.querySelector('.waits-for'), waits(rental, marks, now));
        node.querySelector('.drawing').replaceChildren(timeline(rental, marks, now, whole));
        list(node.querySelector('.words'), rental.timeline.map((line, i) => ({ line, i })), ({ line, i }) => i + line, ({ line }) => h('li', {}, line));
      });
    },
  );
}

function drawAxis(whole) {
  const axis = find('axis');
  if (axis.dataset.whole === String(whole)) return;
  axis.dataset.whole = String(whole);
  const texts = ticks(whole).map(({ at, text, isMain }) => {
    const anchor = at === 0 ? 'start' : at > 97 ? 'end' : 'middle';
    return svg('text', { x: `${at}%`, y: 12, 'text-anchor': anchor, class: isMain ? '' : 'tight' }, text);
  });
  axis.replaceChildren(svg('svg', { width: '100%', height: 16 }, ...texts));
}
