// Asks for the state of the sandbox when something has changed it: each part by one call at a time,
// and not more often than its pause, however many events come.

import { at, call } from './api.js';
import { parts, worthALook } from './parts.js';
import { nothing } from './reducer.js';
import { listen } from './stream.js';

const NEVER = -1e9;

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

// `remember` is told which sandbox is chosen.
export function createSync(store, remember) {
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
    const seen = String(worthALook(store.state));
    try {
      got(await parts[what].load(key, store));
    } catch (problem) {
      // A sandbox that was deleted has nothing; a lost connection is told by the stream.
      if (problem.status === 404) got(nothing[what]);
      else if (problem.status) tell({ type: 'notice', text: problem.message });
    }
    // Another sandbox has come into view.
    if (what === 'sandboxes' && key === null && String(worthALook(store.state)) !== seen) need('rentals', 'requests');
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

  // To listen makes no sandbox, but whoever chooses one wants to see it: a clock that is moved by
  // nothing makes it, and changes none that is there.
  async function open(key) {
    if (key === null) return;
    const known = await call('GET', '/sandboxes');
    if (known.some((sandbox) => sandbox.api_key === key)) return;
    await call('POST', at(key, '/clock/advance'), { by: 0 });
  }

  function choose(key) {
    listening.abort();
    listening = new AbortController();
    remember(key);
    store.dispatch({ type: 'choose', key });
    const path = key === null ? '/events' : at(key, '/events');
    listen(path, listening.signal, hear, (link, why) => {
      if (why) store.dispatch({ type: 'notice', text: why });
      store.dispatch({ type: 'link', link });
      // What happened before the stream began is asked for, and what was heard of a server that is
      // gone is forgotten.
      if (link === 'live') {
        open(key).finally(() => {
          if (key !== store.state.key) return;
          store.dispatch({ type: 'resync' });
          need(...all);
        });
      }
      // A key that opens nothing leaves all the others.
      if (link === 'refused' && key !== null) choose(null);
    });
  }

  return { need, choose };
}
