// The requests as they come. While one is unfolded the list stands still, so that it can be read.

/** @import { JournalEntry, Request, Store, Unfolded } from './types' */

import { at, get } from './api.js';
import { find, h, list, say } from './dom.js';
import { exchange } from './exchange.js';
import { count, timeOfDay } from './format.js';
import { trying } from './notice.js';

const SHOWN = 40;

/**
 * A sandbox that is reset counts from 1 again; the rest tells the requests apart.
 * @param {Request} request
 */
const idOf = ({ api_key, seq, real_at, endpoint, rental_id, code }) =>
  [api_key, seq, real_at, endpoint, rental_id, code].join(' ');

/**
 * The outcome of a request, and what kind of outcome it is.
 * @param {Pick<JournalEntry, 'status' | 'code'>} entry
 */
export function outcome({ status, code }) {
  if (status === null) return ['no reply', 'bad'];
  if (code) return [`${status} ${code}`, status >= 500 ? 'bad' : 'refused'];
  return [String(status), status < 300 ? 'good' : 'refused'];
}

/** @param {(entry: Request) => void} toggle */
function make(toggle) {
  /** @param {Request} entry */
  return (entry) => {
    const [text, kind] = outcome(entry);
    const about = [entry.country, entry.service, entry.rental_id].filter(Boolean).join(' · ');
    const chips = [...entry.lints, ...(entry.fault ? [entry.fault] : [])];
    return h(
      'li',
      {},
      h(
        'button',
        {
          type: 'button',
          class: 'request',
          'aria-expanded': 'false',
          onclick: () => toggle(entry),
        },
        h('span', { class: 'at' }, timeOfDay(Date.parse(entry.at))),
        h(
          'span',
          { class: 'what' },
          h('span', { class: 'muted' }, `${entry.method} `),
          entry.endpoint ?? entry.path,
        ),
        h('span', { class: 'about' }, about, h('span', { class: 'muted owner' }, entry.api_key)),
        h(
          'span',
          { class: 'chips' },
          ...chips.map((chip) => h('span', { class: 'chip remark' }, chip)),
        ),
        h('span', { class: `outcome ${kind}` }, text),
      ),
    );
  };
}

/** @param {Store} store */
export function showRequests(store) {
  const close = () => store.dispatch({ type: 'open', open: null });

  /** @param {Request} entry */
  async function toggle(entry) {
    const { open, requests } = store.state;
    if (open?.id === idOf(entry)) return close();
    /** @type {Unfolded} */
    const opened = { id: idOf(entry), held: open?.held ?? requests, exchange: null };
    store.dispatch({ type: 'open', open: opened });
    const found = await trying(store, () => get(at(entry.api_key, `/requests/${entry.seq}`)));
    if (store.state.open?.id !== opened.id) return undefined;
    if (!found) return close();
    const shown = { ...found, api_key: entry.api_key };
    return store.dispatch({ type: 'open', open: { ...opened, exchange: shown } });
  }

  find('resume').addEventListener('click', close);
  store.watch(
    (state) => [state.requests, state.open, state.rate],
    ({ requests, open, rate }) => {
      const held = open?.held ?? requests;
      const shown = held.slice(0, SHOWN);
      find('no-requests').hidden = shown.length > 0;
      list(find('request-list'), shown, idOf, make(toggle), (node, entry) => {
        const isOpen = open?.id === idOf(entry);
        node.firstElementChild?.setAttribute('aria-expanded', String(isOpen));
        const unfolded = node.querySelector('.exchange');
        if (!isOpen) unfolded?.remove();
        else if (!unfolded && open.exchange) node.append(exchange(open.exchange, store.state));
      });
      const newest = open?.held[0];
      const newer = newest ? requests.findIndex((entry) => idOf(entry) === idOf(newest)) : 0;
      find('resume').hidden = newer === 0;
      const some = newer > 0 ? count(newer, 'new request') : 'New requests';
      say(find('resume'), `${some}: show`);
      say(find('rate'), rate > 1 ? `${rate.toLocaleString('en')} a second` : '');
    },
  );
}
