// Which sandbox the page shows, and which scenario it plays.

/** @import { Sandbox, Store, Sync } from './types' */

import { at, call } from './api.js';
import { find, onSubmit, options, say } from './dom.js';
import { trying } from './notice.js';

const STORED = 'ringer-sandbox';
const ALL = 'all';
const MOST = 200;

// A key may be any text, `all` included.
const PREFIX = 'key ';
/** @param {string | null} key */
const valueOf = (key) => (key === null ? ALL : PREFIX + key);
/** @param {string} value */
const keyOf = (value) => (value === ALL ? null : value.slice(PREFIX.length));

/**
 * The sandbox to begin with: the last one of this tab, else the busiest one, else `demo`.
 * @param {Sandbox[]} sandboxes
 */
export function firstChoice(sandboxes, stored = sessionStorage.getItem(STORED)) {
  if (stored) return keyOf(stored);
  const [busiest] = sandboxes.toSorted((a, b) => b.requests - a.requests);
  return busiest?.api_key ?? 'demo';
}

/**
 * Makes a reloaded page show the same sandbox.
 * @param {string | null} key
 */
export const remember = (key) => sessionStorage.setItem(STORED, valueOf(key));

/**
 * @param {Store} store
 * @param {Sync} sync
 */
export function showSandbox(store, sync) {
  const select = find('sandbox', HTMLSelectElement);
  const scenario = find('scenario', HTMLSelectElement);
  const newKey = find('new-key', HTMLInputElement);
  /** @type {string | null} */
  let playing = null;
  let isChosen = false;

  // A reset drops the rentals.
  const forget = () => store.dispatch({ type: 'got', what: 'rental', value: null });

  function describe() {
    const chosen = store.state.scenarios.find(({ name }) => name === scenario.value);
    say(find('summary'), chosen ? chosen.summary : scenario.value && 'a scenario of your own');
    say(find('catches'), chosen ? `It catches ${chosen.catches}.` : '');
    const current = store.state.sandbox?.scenario;
    const isOther = current !== undefined && current !== scenario.value;
    say(find('plays'), isOther ? `${current} plays now; Start plays this one.` : '');
  }

  select.addEventListener('change', () => sync.choose(keyOf(select.value)));
  scenario.addEventListener('change', () => {
    isChosen = true;
    describe();
  });
  onSubmit(find('sandbox-form'), async () => {
    if (newKey.value) sync.choose(newKey.value);
    newKey.value = '';
  });
  onSubmit(find('scenario-form'), () =>
    trying(store, async () => {
      const { key, scenarios } = store.state;
      forget();
      // The server cannot start one that is not in the list by its name, but resets the sandbox.
      const isListed = scenarios.some(({ name }) => name === scenario.value);
      if (isListed) await call('PUT', at(key), { scenario: scenario.value });
      else await call('POST', at(key, '/reset'));
    }),
  );
  find('reset').addEventListener('click', () =>
    trying(store, () => {
      forget();
      const { key } = store.state;
      return call('POST', key === null ? '/reset' : at(key, '/reset'));
    }),
  );

  store.watch(
    (state) => [state.sandboxes, state.key],
    ({ sandboxes, key }) => {
      const keys = sandboxes.map((sandbox) => sandbox.api_key).slice(0, MOST);
      if (key !== null && !keys.includes(key)) keys.unshift(key);
      const items = keys.map((one) => /** @type {[string, string]} */ ([valueOf(one), one]));
      options(select, [[ALL, 'All sandboxes'], ...items], valueOf(key));
      document.body.dataset.of = key === null ? 'all' : 'one';
      const buttons = /** @type {NodeListOf<HTMLButtonElement>} */ (
        document.querySelectorAll(
          '#scenario-form button.strong, #clock button, .act form button:not(#rent, #poll, #cancel)',
        )
      );
      for (const button of buttons) button.disabled = key === null;
      say(find('reset'), key === null ? 'Reset all' : 'Reset');
    },
  );
  store.watch(
    (state) => [state.scenarios, state.sandbox?.scenario],
    ({ scenarios, sandbox }) => {
      const names = scenarios.map(({ name }) => name);
      if (sandbox && !names.includes(sandbox.scenario)) names.unshift(sandbox.scenario);
      options(
        scenario,
        names.map((name) => [name, name]),
      );
      // The user's choice stays until another scenario plays.
      if (sandbox && sandbox.scenario !== playing) {
        if (playing !== null || !isChosen) scenario.value = sandbox.scenario;
        playing = sandbox.scenario;
      }
      describe();
    },
  );
}
