// Keeps the state true: when an event has changed a part, asks for that part again, by one call at
// a time and with a pause between calls, however many events come.

/** @import { Action, PartName, State, Store, StreamEvent, Sync } from './types' */

import { Refused, at, call } from './api.js';
import { parts, watchedKeys } from './parts.js';
import { initial } from './reducer.js';
import { listen } from './stream.js';

const NEVER = -1e9;

/**
 * The parts that each event changes.
 * @type {Record<string, PartName[]>}
 */
const CHANGES = {
  request: ['sandbox', 'report'],
  rental: ['rentals', 'countries', 'report'],
  sms: ['rentals', 'report'],
  expiry: ['rentals', 'countries', 'report'],
  stock: ['countries'],
  clock: ['sandbox', 'rentals'],
  fault: ['faults'],
};
const ALL = /** @type {PartName[]} */ (Object.keys(parts));

/**
 * @typedef {object} Job
 * @property {boolean} isDue
 * @property {boolean} isRunning
 * @property {ReturnType<typeof setTimeout> | null} timer
 * @property {number} endedAt
 */

/**
 * The parts that these events change.
 * @param {StreamEvent[]} events
 * @param {Pick<State, 'key' | 'sandboxes'>} state
 */
export function changedBy(events, { key, sandboxes }) {
  /** @type {Set<PartName>} */
  const changed = new Set();
  for (const { name = '', data } of events) {
    for (const what of name === 'resync' ? ALL : (CHANGES[name] ?? [])) changed.add(what);
    if (name !== 'request') continue;
    if (data.rental_id) changed.add('rentals');
    if (data.fault) changed.add('faults');
    if (!sandboxes.some(({ api_key }) => api_key === data.api_key)) changed.add('sandboxes');
  }
  if (key === null && changed.size) changed.add('sandboxes');
  return changed;
}

/**
 * @param {Store} store
 * @param {(key: string | null) => void} remember called with the chosen sandbox
 * @returns {Sync}
 */
export function createSync(store, remember) {
  /** @returns {Job} */
  const job = () => ({ isDue: false, isRunning: false, timer: null, endedAt: NEVER });
  const jobs = /** @type {Record<PartName, Job>} */ (
    Object.fromEntries(ALL.map((what) => [what, job()]))
  );
  let listening = new AbortController();

  /** @param {PartName} what */
  function kick(what) {
    const job = jobs[what];
    if (job.isRunning || job.timer !== null) return;
    const rest = job.endedAt + parts[what].pause - performance.now();
    job.timer = setTimeout(() => load(what), Math.max(0, rest));
  }

  /** @param {PartName} what */
  async function load(what) {
    const job = jobs[what];
    const { key } = store.state;
    Object.assign(job, { timer: null, isDue: false, isRunning: true });
    // By then the user may have chosen another sandbox.
    /** @param {Action} action */
    const tell = (action) => key === store.state.key && store.dispatch(action);
    /** @param {any} value */
    const got = (value) =>
      tell(what === 'requests' ? { type: what, value } : { type: 'got', what, value });
    const watched = String(watchedKeys(store.state));
    try {
      got(await parts[what].load(key, store));
    } catch (problem) {
      // A deleted sandbox has no parts; the stream reports a lost connection.
      if (problem instanceof Refused) {
        if (problem.status === 404) got(initial[what]);
        else tell({ type: 'notice', text: problem.message });
      }
    }
    const isOther = String(watchedKeys(store.state)) !== watched;
    if (what === 'sandboxes' && key === null && isOther) need('rentals', 'requests');
    const isLeft = key !== store.state.key;
    Object.assign(job, { isRunning: false, endedAt: isLeft ? NEVER : performance.now() });
    if (job.isDue) kick(what);
  }

  /** @param {PartName[]} names */
  function need(...names) {
    for (const what of names) {
      jobs[what].isDue = true;
      kick(what);
    }
  }

  /** @param {StreamEvent[]} events */
  function hear(events) {
    const changed = changedBy(events, store.state);
    /** @type {StreamEvent['data'][]} */
    const entries = [];
    for (const { name, data } of events) {
      if (name === 'resync') store.dispatch({ type: 'resync' });
      if (name === 'request') entries.push(data);
    }
    store.dispatch({ type: 'events', entries });
    need(...changed);
  }

  // Listening creates no sandbox, but whoever chooses a key wants to see its sandbox: moving its
  // clock by nothing creates it.
  /** @param {string | null} key */
  async function create(key) {
    if (key === null) return;
    /** @type {{ api_key: string }[]} */
    const known = await call('GET', '/sandboxes');
    if (known.some((sandbox) => sandbox.api_key === key)) return;
    await call('POST', at(key, '/clock/advance'), { by: 0 });
  }

  /** @param {string | null} key */
  function choose(key) {
    listening.abort();
    listening = new AbortController();
    remember(key);
    // Nothing is due of a sandbox before the stream says that it is there.
    for (const job of Object.values(jobs)) {
      if (job.timer !== null) clearTimeout(job.timer);
      Object.assign(job, { isDue: false, timer: null });
    }
    store.dispatch({ type: 'choose', key });
    const path = key === null ? '/events' : at(key, '/events');
    listen(path, listening.signal, hear, (link, why) => {
      if (why) store.dispatch({ type: 'notice', text: why });
      store.dispatch({ type: 'link', link });
      // Ask for what happened before the stream began, and forget what an earlier server told.
      if (link === 'live') {
        create(key).finally(() => {
          if (key !== store.state.key) return;
          store.dispatch({ type: 'resync' });
          need(...ALL);
        });
      }
      // The server refuses this key: show all sandboxes.
      if (link === 'refused' && key !== null) choose(null);
    });
  }

  return { need, choose };
}
