// What the page knows, and what each piece of news makes of it: pure functions, bounded lists.

const MOST_REQUESTS = 200;
const MOST_MARKED = 300;
const MOST_MARKS = 120;
const MOST_CALLS = 12;

export const nothing = {
  link: 'connecting',
  place: { partner: null, version: '' },
  scenarios: [],
  sandboxes: [],
  key: null, // of the chosen sandbox; null for all of them
  sandbox: null,
  countries: [],
  rentals: [],
  faults: [],
  report: null,
  requests: [], // newest first
  marks: {}, // by rental: what the client did to it, oldest first
  heard: 0,
  fence: 0, // what was heard before is older than the last resync
  rate: 0,
  counted: { heard: 0, at: 0 },
  tick: 0,
  open: null, // which request is unfolded, and since when the list stands still
  calls: [],
  rental: null, // the one that the client's form means
  notice: null,
};

// What is known of one sandbox, and void for the next.
const { sandbox, countries, rentals, faults, report, requests, marks, open, rental } = nothing;
const ofOne = { sandbox, countries, rentals, faults, report, requests, marks, open, rental };

const idOf = (entry) => `${entry.api_key}#${entry.seq}`;

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
  for (const id of ids.slice(0, Math.max(0, ids.length - MOST_MARKED))) delete grown[id];
  return grown;
}

function heard(state, entries) {
  if (entries.length === 0) return state;
  let count = state.heard;
  const fresh = entries.map((entry) => ({ ...entry, heard: ++count }));
  const latest = fresh.slice(-MOST_REQUESTS).reverse();
  const requests = latest.concat(state.requests.slice(0, MOST_REQUESTS - latest.length));
  return { ...state, heard: count, requests, marks: marked(state.marks, entries) };
}

// The journal, and what was heard since it was asked for.
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

function ticked(state, at) {
  const span = at - state.counted.at;
  const rate = span > 0 ? Math.round(((state.heard - state.counted.heard) * 1000) / span) : 0;
  const runs = state.sandboxes.concat(state.sandbox ?? []).some(({ clock }) => clock.mode === 'realtime' || clock.mode === 'scaled');
  const next = { ...state, rate, counted: { heard: state.heard, at }, tick: runs ? at : state.tick };
  // Where nothing moves, nothing is drawn.
  return !runs && rate === state.rate && state.heard === state.counted.heard ? state : next;
}

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
      throw new Error(`no such action: ${action.type}`);
  }
}
