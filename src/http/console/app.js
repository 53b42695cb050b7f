// The page: the state, what keeps it true, and the views that draw it.

import { get } from './api.js';
import { showClient } from './client.js';
import { showClock } from './clock.js';
import { showCountries } from './countries.js';
import { find, say } from './dom.js';
import { showFaults } from './faults.js';
import { showNotices, trying } from './notice.js';
import { showPartner } from './partner.js';
import { showPoint } from './point.js';
import { initial, reduce } from './reducer.js';
import { showRentals } from './rentals.js';
import { showReport } from './report.js';
import { showRequests } from './requests.js';
import { firstChoice, remember, showSandbox } from './sandbox.js';
import { createStore } from './store.js';
import { createSync } from './sync.js';
import { offerToken } from './token.js';

function offerTheme() {
  const root = document.documentElement;
  const button = find('theme');
  const system = matchMedia('(prefers-color-scheme: dark)');
  const isDark = () => (root.dataset.theme ?? (system.matches ? 'dark' : 'light')) === 'dark';
  const show = () => say(button, isDark() ? 'Light' : 'Dark');
  button.addEventListener('click', () => {
    root.dataset.theme = isDark() ? 'light' : 'dark';
    show();
  });
  system.addEventListener('change', show);
  show();
}

async function start() {
  const store = createStore(reduce, initial);
  const sync = createSync(store, remember);
  offerTheme();
  offerToken();
  const views = [
    showNotices,
    showSandbox,
    showClock,
    showPoint,
    showRentals,
    showRequests,
    showClient,
    showPartner,
    showFaults,
    showCountries,
    showReport,
  ];
  views.forEach((show) => show(store, sync));
  await trying(store, async () => {
    const place = await fetch('/__console/place.json');
    store.dispatch({ type: 'got', what: 'place', value: await place.json() });
  });
  const listScenarios = async () =>
    store.dispatch({ type: 'got', what: 'scenarios', value: await get('/scenarios') });
  const known = await trying(store, async () => {
    await listScenarios();
    return get('/sandboxes');
  });
  sync.choose(firstChoice(known ?? []));
  // Whoever added one in a terminal comes back to this window.
  addEventListener('focus', () => trying(store, listScenarios));
  setInterval(() => store.dispatch({ type: 'tick', at: performance.now() }), 500);
}

start();
