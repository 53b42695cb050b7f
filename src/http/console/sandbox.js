// Which sandbox is shown, and which scenario it plays.

import { at, call } from './api.js';
import { find, onSubmit, options, say } from './dom.js';
import { trying } from './notice.js';

const STORED = 'ringer-sandbox';
const ALL = 'all';
const MOST = 200;
const valueOf = (key) => (key === null ? ALL : `key ${key}`);

// The sandbox to begin with: the last one of this tab, the busiest one, or one to try with.
export function chosenBefore(sandboxes) {
  const stored = sessionStorage.getItem(STORED);
  if (stored === ALL) return null;
  if (stored) return stored.slice(4);
  const busiest = sandboxes.reduce((best, one) => (one.requests > (best?.requests ?? -1) ? one : best), null);
  return busiest?.api_key ?? 'demo';
}

// So that a page that is loaded anew shows the same.
export const remember = (key) => sessionStorage.setItem(STORED, valueOf(key));

export function showSandbox(store, sync) {
  const [select, scenario, newKey] = [find('sandbox'), find('scenario'), find('new-key')];
  let playing = null;

  // The rentals of a sandbox that begins anew are gone.
  const forget = () => store.dispatch({ type: 'got', what: 'rental', value: null });

  function tell() {
    const chosen = store.state.scenarios.find(({ name }) => name === scenario.value);
    say(find('summary'), chosen ? chosen.summary : scenario.value && 'a scenario of your own');
    say(find('catches'), chosen ? `It catches ${chosen.catches}.` : '');
    const playing = store.state.sandbox?.scenario;
    const isOther = playing !== undefined && playing !== scenario.value;
    say(find('plays'), isOther ? `${playing} plays now; Start plays this one.` : '');
  }

  select.addEventListener('change', () => sync.choose(select.value === ALL ? null : select.value.slice(4)));
  let isChosen = false;
  scenario.addEventListener('change', () => {
    isChosen = true;
    tell();
  });
  onSubmit(find('sandbox-form'), async () => {
    if (newKey.value) sync.choose(newKey.value);
    newKey.value = '';
  });
  onSubmit(find('scenario-form'), () =>
    trying(store, async () => {
      const { key, scenarios } = store.state;
      forget();
      const isKnown = scenarios.some(({ name }) => name === scenario.value);
      // One that was made by hand is not in the list: it can only be begun anew.
      if (isKnown) await call('PUT', at(key), { scenario: scenario.value });
      else await call('POST', at(key, '/reset'));
    }),
  );
  find('reset').addEventListener('click', () =>
    trying(store, () => {
      forget();
      return call('POST', store.state.key === null ? '/reset' : at(store.state.key, '/reset'));
    }),
  );

  store.watch(
    (state) => [state.sandboxes, state.key],
    ({ sandboxes, key }) => {
      const keys = sandboxes.map((sandbox) => sandbox.api_key).slice(0, MOST);
      if (key !== null && !keys.includes(key)) keys.unshift(key);
      options(select, [[ALL, 'All sandboxes'], ...keys.map((one) => [valueOf(one), one])], valueOf(key));
      document.body.dataset.of = key === null ? 'all' : 'one';
      for (const button of document.querySelectorAll('#scenario-form button.strong, #clock button, .act form button:not(#poll, #cancel)')) {
        button.disabled = key === null;
      }
      say(find('reset'), key === null ? 'Reset all' : 'Reset');
    },
  );
  store.watch(
    (state) => [state.scenarios, state.sandbox?.scenario],
    ({ scenarios, sandbox }) => {
      const names = scenarios.map(({ name }) => name);
      if (sandbox && !names.includes(sandbox.scenario)) names.unshift(sandbox.scenario);
      options(scenario, names.map((name) => [name, name]));
      // What somebody is choosing is left alone, until another scenario plays.
      if (sandbox && sandbox.scenario !== playing) {
        if (playing !== undefined || !isChosen) scenario.value = sandbox.scenario;
        playing = sandbox.scenario;
      }
      tell();
    },
  );
}
