// The state of the page, and what each action makes of it: pure functions, bounded lists.

/** @import { Action, JournalEntry, Request, State } from './types' */

const MOST_REQUESTS = 200;
const MOST_MARKED_RENTALS = 300;
const MOST_MARKS = 120;
const MOST_CALLS = 12;

/** @type {State} */
export const initial = {
  link: 'connecting',
  place: { partner: null, version: '' },
  scenarios: [],
  sandboxes: [],
  key: null, // of the chosen sandbox; null shows all of them
  sandbox: null,
  countries: [],
  rentals: [],
  faults: [],
  report: null,
  requests: [], // newest first
  marks: {}, // by rental_id: what the client did to it, oldest first
  heard: 0,
  fence: 0, // a request heard up to here is older than the last resync
  rate: 0,
  counted: { heard: 0, at: 0 },
  tick: 0,
  open: null,
  calls: [],
  rental: null, // the rental_id chosen in the client's form
  notice: null,
};

// The part that belongs to one sandbox; choosing another clears it.
const { sandbox, countries, rentals, faults, report, requests, marks, open, rental } = initial;
const ofOne = { sandbox, countries, rentals, faults, report, requests, marks, open, rental };

/** @param {Omit<Request, 'heard'>} entry */
const idOf = (entry) => `${entry.api_key}#${entry.seq}`;

/**
 * @param {State['marks']} marks
 * @param {JournalEntry[]} entries
 */
function marked(marks, entries) {
  const grown = { ...marks };
  const touched = new Set();
  for (const entry of entries) {
    const id = entry.rental_id;
    if (!id) continue;
    if (!touched.has(id)) {
      touched.add(id);
      grown[id] = [...(grown[id] ?? [])];
    }
    const { endpoint, status, code, fault } = entry;
    grown[id].push({ at: Date.parse(entry.at), endpoint, status, code, fault });
  }
  for (const id of touched) {
    if (grown[id].length > MOST_MARKS) grown[id] = grown[id].slice(-MOST_MARKS);
  }
  const ids = Object.keys(grown);
  for (const id of ids.slice(0, Math.max(0, ids.length - MOST_MARKED_RENTALS))) delete grown[id];
  return grown;
}

/**
 * Requests that the event stream tells of.
 * @param {State} state
 * @param {Omit<Request, 'heard'>[]} entries
 */
function heard(state, entries) {
  if (entries.length === 0) return state;
  let count = state.heard;
  const fresh = entries.map((entry) => ({ ...entry, heard: ++count }));
  const latest = fresh.slice(-MOST_REQUESTS).reverse();
  const requests = latest.concat(state.requests.slice(0, MOST_REQUESTS - latest.length));
  return { ...state, heard: count, requests, marks: marked(state.marks, entries) };
}

/**
 * The journal, and the requests heard since it was asked for.
 * @param {State} state
 * @param {Omit<Request, 'heard'>[]} entries
 */
function journal(state, entries) {
  const known = new Map(entries.map((entry) => [idOf(entry), { ...entry, heard: 0 }]));
  for (const entry of state.requests) {
    if (entry.heard > state.fence) known.set(idOf(entry), entry);
  }
  const all = [...known.values()];
  all.sort((a, b) => (a.real_at < b.real_at ? -1 : a.real_at > b.real_at ? 1 : a.seq - b.seq));
  const requests = all.slice(-MOST_REQUESTS).reverse();
  return { ...state, requests, marks: marked({}, all) };
}

/**
 * @param {State} state
 * @param {number} at
 */
function ticked(state, at) {
  const passed = at - state.counted.at;
  const fresh = state.heard - state.counted.heard;
  const rate = passed > 0 ? Math.round((fresh * 1000) / passed) : 0;
  const known = state.sandboxes.concat(state.sandbox ?? []);
  const runs = known.some(({ clock }) => clock.mode === 'realtime' || clock.mode === 'scaled');
  const counted = { heard: state.heard, at };
  // No view depends on the counter alone: nothing is drawn while every clock stands still.
  return { ...state, rate, counted, tick: runs ? at : state.tick };
}

/**
 * @param {State} state
 * @param {Action} action
 * @returns {State}
 */
export function reduce(state, action) {
  switch (action.type) {
    case 'link':
      return { ...state, link: action.link };
    case 'choose':
      return { ...state, ...ofOne, key: action.key, fence: state.heard };
    case 'resync':
      return { ...state, fence: state.heard };
    case 'events':
      return heard(state, action.entries);
    case 'requests':
      return journal(state, action.value);
    case 'got':
      return { ...state, [action.what]: action.value };
    case 'open':
      return { ...state, open: action.open };
    case 'called': {
      const others = state.calls.filter((call) => call.id !== action.call.id);
      return { ...state, calls: [action.call, ...others].slice(0, MOST_CALLS) };
    }
    case 'notice':
      return { ...state, notice: action.text };
    case 'tick':
      return ticked(state, action.at);
    default:
      throw new Error(`unknown action ${JSON.stringify(action)}`);
  }
}
