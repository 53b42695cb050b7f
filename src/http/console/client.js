// Acts as the client: real calls of the partner API, each shown as a line of curl.

/** @import { Call, State, Store } from './types' */

import { curl } from '../docs/curl.js';
import { find, h, inside, list, onSubmit, options, say } from './dom.js';
import { baseUrl, copyable } from './point.js';

const TIMEOUT = 60_000;
// Faults after which a browser repeats the call by itself.
const CONNECTION_FAULTS = ['CONNECTION_RESET_BY_PEER', 'EMPTY_RESPONSE'];
let lastId = 0;

/**
 * Where the partner API has another origin than the page, the browser sends the call but hides the
 * reply; the list of requests shows it.
 * @param {State} state
 * @param {'GET' | 'POST'} method
 * @param {string} url
 * @param {Record<string, string>} form
 */
async function send(state, method, url, form) {
  const body = new URLSearchParams(Object.entries(form).filter(([, value]) => value !== ''));
  /** @type {RequestInit} */
  const how = {
    method,
    mode: state.place.partner ? 'no-cors' : 'same-origin',
    cache: 'no-store',
    signal: AbortSignal.timeout(TIMEOUT),
  };
  const reply =
    method === 'GET' ? await fetch(`${url}?${body}`, how) : await fetch(url, { ...how, body });
  if (reply.type === 'opaque') return { status: 'sent', text: 'The requests show its reply.' };
  return { status: reply.status, text: await reply.text() };
}

/** @param {Store} store */
export function createClient(store) {
  /**
   * @param {'GET' | 'POST'} method
   * @param {string} path
   * @param {Record<string, string>} form
   * @returns {Promise<any>} the JSON of the reply; `{}` where it is none
   */
  return async function ask(method, path, form) {
    const { state } = store;
    const url = `${baseUrl(state)}${path}`;
    /** @type {Call} */
    const call = { id: ++lastId, line: curl(method, url, { form }), status: null, text: '' };
    store.dispatch({ type: 'called', call });
    let done;
    try {
      done = await send(state, method, url, form);
    } catch (problem) {
      const isLate = problem instanceof Error && problem.name === 'TimeoutError';
      const why = isLate ? 'No reply within a minute' : 'The connection or the reply broke';
      const text = `${why}. The client cannot know whether the call took effect.`;
      done = { status: 'no reply', text };
    }
    store.dispatch({ type: 'called', call: { ...call, ...done } });
    try {
      return JSON.parse(done.text);
    } catch {
      return {};
    }
  };
}

/** @param {Call} call */
const make = (call) =>
  h(
    'li',
    {},
    h('div', { class: 'curl' }, ...copyable(call.line)),
    h('p', { class: 'answer' }, h('span', { class: 'outcome' }), h('code', { tabindex: '0' })),
  );

/** @param {Call['status']} status */
export function kindOf(status) {
  if (status === null || status === 'sent') return '';
  if (status === 200) return 'good';
  return typeof status === 'number' && status < 500 ? 'refused' : 'bad';
}

/** @param {Store} store */
export function showClient(store) {
  const ask = createClient(store);
  const [country, rental] = [
    find('rent-country', HTMLSelectElement),
    find('rental', HTMLSelectElement),
  ];
  const service = find('rent-service', HTMLInputElement);
  const key = () => String(store.state.key);
  const chosen = () => ({ api_key: key(), rental_id: rental.value });
  /** @param {string} id */
  const choose = (id) => store.dispatch({ type: 'got', what: 'rental', value: id });

  onSubmit(find('rent-form'), async () => {
    const form = { api_key: key(), country: country.value, service: service.value };
    const reply = await ask('POST', '/rentNumber', form);
    if (reply.rental_id) choose(reply.rental_id);
  });
  onSubmit(find('poll-form'), () => ask('GET', '/getSMS', chosen()));
  find('cancel').addEventListener('click', () => ask('POST', '/cancelNumber', chosen()));
  find('numbers').addEventListener('click', () => ask('GET', '/getNumbers', { api_key: key() }));
  rental.addEventListener('change', () => choose(rental.value));

  store.watch(
    (state) => [state.countries],
    ({ countries }) => {
      options(
        country,
        countries.map((one) => [one.country, `${one.country} · ${one.country_name}`]),
      );
      // Without a sandbox, or before its countries came, there is nothing to rent.
      find('rent', HTMLButtonElement).disabled = countries.length === 0;
    },
  );
  store.watch(
    (state) => [state.rentals, state.rental, state.key],
    ({ rentals, rental: chosen, key }) => {
      /** @type {[string, string][]} */
      const known = rentals.map(({ rental_id, state }) => [rental_id, `${rental_id} · ${state}`]);
      // It was just rented, and the list does not have it yet.
      if (chosen && !known.some(([id]) => id === chosen)) known.unshift([chosen, chosen]);
      options(rental, known.length ? known : [['', 'none yet']], chosen ?? known[0]?.[0] ?? '');
      for (const id of ['poll', 'cancel']) {
        find(id, HTMLButtonElement).disabled = key === null || known.length === 0;
      }
    },
  );
  store.watch(
    (state) => [state.faults],
    ({ faults }) => {
      const breaks = faults.some(({ what }) => CONNECTION_FAULTS.includes(String(what.fault)));
      find('resends').hidden = !breaks;
    },
  );
  store.watch(
    (state) => [state.calls],
    ({ calls }) => {
      list(
        find('calls'),
        calls,
        (call) => String(call.id),
        make,
        (node, { status, text }) => {
          const mark = inside(node, '.outcome');
          say(mark, status === null ? '…' : String(status));
          mark.className = `outcome ${kindOf(status)}`;
          say(inside(node, '.answer code'), text);
        },
      );
    },
  );
}
