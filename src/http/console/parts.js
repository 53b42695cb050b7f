// What the page shows of a sandbox: how each part is asked for, and how long it rests in between.

import { at, get } from './api.js';

const SHOWN_RENTALS = 8;
const ACTIVE = 8;

const standing = (sandbox) => ({ ...sandbox, heardAt: performance.now() });
const withKey = (key) => (item) => ({ ...item, api_key: key });

// The sandboxes that are worth a look when all of them are shown: those just heard of, and the busiest.
export function worthALook({ requests, sandboxes }) {
  const busiest = [...sandboxes].sort((a, b) => b.active_rentals - a.active_rentals || b.requests - a.requests);
  return [...new Set([...requests, ...busiest].map(({ api_key }) => api_key))].slice(0, ACTIVE);
}

async function ofAll(rest, store) {
  const one = async (key) => {
    try {
      return (await get(at(key, rest))).map(withKey(key));
    } catch (problem) {
      if (problem.status !== 404) throw problem;
      return [];
    }
  };
  return (await Promise.all(worthALook(store.state).map(one))).flat();
}

// The rental that is acted on stays on the page, for as long as there is one.
async function chosenBeyond(list, key, store) {
  const { rental } = store.state;
  if (!key || !rental || list.some(({ rental_id }) => rental_id === rental)) return [];
  try {
    return [withKey(key)(await get(at(key, `/rentals/${encodeURIComponent(rental)}`)))];
  } catch (problem) {
    if (problem.status !== 404) throw problem;
    if (store.state.rental === rental) store.dispatch({ type: 'got', what: 'rental', value: null });
    return [];
  }
}

export const parts = {
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
      return [...list.slice(0, SHOWN_RENTALS), ...(await chosenBeyond(list, key, store))];
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
