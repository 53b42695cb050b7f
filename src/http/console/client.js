// Acts as the client: real calls of the partner API, each shown as a line of curl.

import { curl } from './curl.js';
import { find, h, list, onSubmit, options, say } from './dom.js';
import { baseUrl, copyable } from './point.js';

const PATIENCE = 60_000;
// Faults after which a browser tries once more, without asking.
const BREAKS = ['CONNECTION_RESET_BY_PEER', 'EMPTY_RESPONSE'];
let made = 0;

// Where the partner API has another address, the browser sends the call but hides the reply: it is
// seen among the requests.
async function send(state, method, url, fields) {
  const body = new URLSearchParams(Object.entries(fields).filter(([, value]) => value !== ''));
  const mode = state.place.partner ? 'no-cors' : 'same-origin';
  const how = { method, mode, cache: 'no-store', signal: AbortSignal.timeout(PATIENCE) };
  const reply = method === 'GET' ? await fetch(`${url}?${body}`, how) : await fetch(url, { ...how, body });
  if (reply.type === 'opaque') return { status: 'sent', text: 'Its reply stands among the requests.' };
  return { status: reply.status, text: await reply.text() };
}

export function createClient(store) {
  return async function ask(method, path, fields) {
    const { state } = store;
    const url = `${baseUrl(state)}${path}`;
    const call = { id: ++made, line: curl(method, url, fields), status: null, text: '' };
    store.dispatch({ type: 'called', call });
    let done;
    try {
      done = await send(state, method, url, fields);
    } catch (problem) {
      const why = problem.name === 'TimeoutError' ? 'no reply within a minute' : 'the connection broke, or the reply';
      done = { status: 'no reply', text: `${why}: whether it took effect, a client cannot know.` };
    }
    store.dispatch({ type: 'called', call: { ...call, ...done } });
    try {
      return JSON.parse(done.text);
    } catch {
      return {};
    }
  };
}

const make = (call) => h('li', {}, h('div', { class: 'curl' }, ...copyable(call.line)), h('p', { class: 'answer' }, h('span', { class: 'outcome' }), h('code', { tabindex: '0' })));

export function showClient(store) {
  const ask = createClient(store);
  const [country, service, rental] = [find('rent-country'), find('rent-service'), find('rental')];
  const named = () => ({ api_key: store.state.key, rental_id: rental.value });
  const choose = (id) => store.dispatch({ type: 'got', what: 'rental', value: id });

  onSubmit(find('rent-form'), async () => {
    const reply = await ask('POST', '/rentNumber', { api_key: store.state.key, country: country.value, service: service.value });
    if (reply.rental_id) choose(reply.rental_id);
  });
  onSubmit(find('poll-form'), () => ask('GET', '/getSMS', named()));
  find('cancel').addEventListener('click', () => ask('POST', '/cancelNumber', named()));
  find('numbers').addEventListener('click', () => ask('GET', '/getNumbers', { api_key: store.state.key }));
  rental.addEventListener('change', () => choose(rental.value));

  store.watch(
    (state) => [state.countries],
    ({ countries }) => options(country, countries.map((one) => [one.country, `${one.country} · ${one.country_name}`])),
  );
  store.watch(
    (state) => [state.rentals, state.rental, state.key],
    ({ rentals, rental: chosen, key }) => {
      const known = rentals.map(({ rental_id, state }) => [rental_id, `${rental_id} · ${state}`]);
      // Just rented, and not in the list yet.
      if (chosen && !known.some(([id]) => id === chosen)) known.unshift([chosen, chosen]);
      options(rental, known.length ? known : [['', 'none yet']], chosen ?? known[0]?.[0] ?? '');
      for (const id of ['poll', 'cancel']) find(id).disabled = key === null || known.length === 0;
    },
  );
  store.watch(
    (state) => [state.faults],
    ({ faults }) => {
      find('resends').hidden = !faults.some(({ what }) => BREAKS.includes(what.fault));
    },
  );
  store.watch(
    (state) => [state.calls],
    ({ calls }) => {
      list(find('calls'), calls, (call) => call.id, make, (node, { status, text }) => {
        const mark = node.querySelector('.outcome');
        say(mark, status === null ? '…' : String(status));
        mark.className = `outcome ${status === null || status === 'sent' ? '' : status === 200 ? 'good' : typeof status === 'number' && status < 500 ? 'refused' : 'bad'}`;
        say(node.querySelector('.answer code'), text);
      });
    },
  );
}
