// The parts of the page's state: how each is asked for, and how long to wait before asking again.

/** @import { Loaded, Rental, Request, Sandbox, State, Store } from './types' */

import { Refused, at, get } from './api.js';

const SHOWN_RENTALS = 8;
const WATCHED_SANDBOXES = 8;

/**
 * @param {Omit<Sandbox, 'heardAt'>} sandbox
 * @returns {Sandbox}
 */
const heardNow = (sandbox) => ({ ...sandbox, heardAt: performance.now() });

/** @param {string} key */
const withKey =
  (key) =>
  /** @param {any} item */
  (item) => ({ ...item, api_key: key });

/**
 * The sandboxes to show when all are shown: first those just heard of, then the busiest.
 * @param {Pick<State, 'requests' | 'sandboxes'>} state
 */
export function watchedKeys({ requests, sandboxes }) {
  const busiest = sandboxes.toSorted(
    (a, b) => b.active_rentals - a.active_rentals || b.requests - a.requests,
  );
  const keys = [...requests, ...busiest].map(({ api_key }) => api_key);
  return [...new Set(keys)].slice(0, WATCHED_SANDBOXES);
}

/**
 * A list of one sandbox, each item with its api_key.
 * @param {string} key
 * @param {string} rest
 * @returns {Promise<any[]>}
 */
async function listOf(key, rest) {
  const items = await get(at(key, rest));
  return items.map(withKey(key));
}

/**
 * The same list of each watched sandbox; a sandbox that is gone has none.
 * @param {string} rest
 * @param {Store} store
 * @returns {Promise<any[]>}
 */
async function listOfAll(rest, store) {
  /** @param {string} key */
  const one = async (key) => {
    try {
      return await listOf(key, rest);
    } catch (problem) {
      if (problem instanceof Refused && problem.status === 404) return [];
      throw problem;
    }
  };
  return (await Promise.all(watchedKeys(store.state).map(one))).flat();
}

/**
 * The chosen rental, where it is too old for the list: it stays on the page while it exists.
 * @param {Rental[]} list
 * @param {string | null} key
 * @param {Store} store
 * @returns {Promise<Rental[]>}
 */
async function chosenBeyond(list, key, store) {
  const { rental } = store.state;
  if (!key || !rental || list.some(({ rental_id }) => rental_id === rental)) return [];
  try {
    return [withKey(key)(await get(at(key, `/rentals/${encodeURIComponent(rental)}`)))];
  } catch (problem) {
    if (!(problem instanceof Refused) || problem.status !== 404) throw problem;
    if (store.state.rental === rental) store.dispatch({ type: 'got', what: 'rental', value: null });
    return [];
  }
}

/**
 * @typedef {{ requests: Request[] } & Loaded} Parts
 * @type {{ [What in keyof Parts]: {
 *   pause: number, load: (key: string | null, store: Store) => Promise<Parts[What]> } }}
 */
export const parts = {
  sandboxes: { pause: 1_500, load: async () => (await get('/sandboxes')).map(heardNow) },
  sandbox: { pause: 200, load: async (key) => (key ? heardNow(await get(at(key))) : null) },
  countries: { pause: 400, load: async (key) => (key ? get(at(key, '/countries')) : []) },
  faults: { pause: 400, load: async (key) => (key ? get(at(key, '/faults')) : []) },
  report: { pause: 1_500, load: async (key) => (key ? get(at(key, '/report')) : null) },
  rentals: {
    pause: 250,
    load: async (key, store) => {
      const rest = `/rentals?last=${SHOWN_RENTALS}`;
      /** @type {Rental[]} */
      const list = key ? await listOf(key, rest) : await listOfAll(rest, store);
      list.sort(
        (a, b) =>
          Date.parse(b.rented_at) - Date.parse(a.rented_at) ||
          b.rental_id.localeCompare(a.rental_id),
      );
      return [...list.slice(0, SHOWN_RENTALS), ...(await chosenBeyond(list, key, store))];
    },
  },
  requests: {
    pause: 1_000,
    load: async (key, store) => {
      const rest = '/requests?last=200';
      return key ? listOf(key, rest) : listOfAll(rest, store);
    },
  },
};
