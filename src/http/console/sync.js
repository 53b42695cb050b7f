// Asks for the state of the sandbox when something has changed it: each part by one call at a time,
// and not more often than its pause, however many events come.

import { at, get } from './api.js';
import { nothing } from './reducer.js';
import { listen } from './stream.js';

const SHOWN_RENTALS = 8;
const ACTIVE = 4;
const NEVER = -1e9;

const standing = (sandbox) => ({ ...sandbox, heardAt: performance.now() });
const withKey = (key) => (item) => ({ ...item, api_key: key });

// The sandboxes that are worth a look when all of them are shown.
const busiest = (sandboxes) =>
  [...sandboxes].sort((a, b) => b.active_rentals - a.active_rentals || b.requests - a.requests).slice(0, ACTIVE);

async function ofAll(rest, store) {
  const keys = busiest(store.state.sandboxes).map((sandbox) => sandbox.api_key);
  const lists = await Promise.all(keys.map(async (key) => (await get(at(key, rest))).map(withKey(key))));
  return lists.flat();
}

const parts = {
  sandboxes: { pause: 1_500, load: async () => (await get('/sandboxes')).map(standing) },
  sandbox: { pause: 200, load: async (key) => key && standing(await get(at(key))) },
  countries: { pause: 400, load: async (key) => (key ? get(at(key, '/countries')) : []) },
  faults: { pause: 400, load: async (key) => (key ? get(at(key, '/faults')) : []) },
  report: { pause: 1_500, load: async (key) => key && get(at(key, '/report')) },
  rentals: {
    pause: 250,
    load: async (key, store) => {
      const rest = `/rentals?last=${SHOWN_RENTALS}`;
      const list = key ? (await get(at(key, rest))).map(withKey(key)) : await ofAll(rest, store);
      list.sort((a, b) => Date.parse(b.rented_at) - Date.parse(a.rented_at) || b.rental_id.localeCompare(a.rental_id));
      return list.slice(0, SHOWN_RENTALS);
    },
  },
  requests: {
    pause: 1_000,
    load: async (key, store) => {
      const rest = '/requests?last=200';
      return key ? (await get(at(key, rest))).map(withKey(key)) : ofAll(rest, store);
    },
  },
};

// What each event has changed.
const changes = {
  request: ['sandbox', 'report'],
  rental: ['rentals', 'countries', 'report'],
  sms: ['rentals', 'report'],
  expiry: ['rentals', 'countries', 'report'],
  stock: ['countries'],
  clock: ['sandbox', 'rentals'],
  fault: ['faults'],
};
const all = ['sandboxes', 'sandbox', 'countries', 'faults', 'report', 'rentals', 'requests'];

export function createSync(store) {
  const jobs = Object.fromEntries(Object.keys(parts).map((what) => [what, { isDue: false, isRunning: false, timer: null, endedAt: NEVER }]));
  let listening = new AbortController();

  function kick(what) {
    const job = jobs[what];
    if (job.isRunning || job.timer !== null) return;
    const rest = job.endedAt + parts[what].pause - performance.now();
    job.timer = setTimeout(() => load(what), Math.max(0, rest));
  }

  async function load(what) {
    const job = jobs[what];
    const { key } = store.state;
    Object.assign(job, { timer: null, isDue: false, isRunning: true });
    // What was asked for may have been left meanwhile.
    const tell = (action) => key === store.state.key && store.dispatch(action);
    const got = (value) => tell(what === 'requests' ? { type: what, value } : { type: 'got', what, value });
    try {
      got(await parts[what].load(key, store));
    } catch (problem) {
      // A sandbox that was deleted has nothing; a lost connection is told by the stream.
      if (problem.status === 404) got(nothing[what]);
      else if (problem.status) tell({ type: 'notice', text: problem.message });
    }
    const isLeft = key !== store.state.key;
    Object.assign(job, { isRunning: false, endedAt: isLeft ? NEVER : performance.now() });
    if (job.isDue || isLeft) kick(what);
  }

  function need(...names) {
    for (const what of names) {
      jobs[what].isDue = true;
      kick(what);
    }
  }

  function hear(events) {
    const entries = [];
    const changed = new Set();
    for (const { name, data } of events) {
      if (name === 'resync') {
        store.dispatch({ type: 'resync' });
        all.forEach((what) => changed.add(what));
        continue;
      }
      if (name === 'request') {
        entries.push(data);
        if (data.rental_id) changed.add('rentals');
        if (data.fault) changed.add('faults');
        if (!store.state.sandboxes.some((known) => known.api_key === data.api_key)) changed.add('sandboxes');
      }
      (changes[name] ?? []).forEach((what) => changed.add(what));
    }
    if (store.state.key === null && changed.size) changed.add('sandboxes');
    store.dispatch({ type: 'events', entries });
    need(...changed);
  }

  function choose(key) {
    listening.abort();
    listening = new AbortController();
    store.dispatch({ type: 'choose', key });
    const path = key === null ? '/events' : at(key, '/events');
    listen(path, listening.signal, hear, (link, why) => {
      if (why) store.dispatch({ type: 'notice', text: why });
      store.dispatch({ type: 'link', link });
      // What happened before the stream began is asked for.
      if (link === 'live') need(...all);
    });
  }

  return { need, choose };
}
