// The clock of the sandbox, and the buttons that move it.

/** @import { DueEvent, Store, Sync } from './types' */

import { at, call } from './api.js';
import { find, say } from './dom.js';
import { count, day, modeOf, nowOf, timeOfDay } from './format.js';
import { trying } from './notice.js';

const EVENTS = {
  sms: 'an SMS arrived',
  expiry: 'a rental expired',
  revocation: 'the partner took a number back',
  stock: 'a stock changed',
};
const MODES = { freeze: 'frozen', fast: 'scaled', real: 'realtime' };

/** @param {DueEvent[]} fired */
export function sentenceOf(fired) {
  const [first, ...more] = fired;
  if (!first) return 'Nothing more is due.';
  const rest = more.length ? `, and ${count(more.length, 'more event')} happened` : '';
  return `${timeOfDay(Date.parse(first.at))}: ${EVENTS[first.event] ?? 'something happened'}${rest}.`;
}

/**
 * @param {Store} store
 * @param {Sync} sync
 */
export function showClock(store, sync) {
  /** @type {string | null | undefined} */
  let shown;
  /** @param {{ mode: string, rate?: number }} clock */
  const set = (clock) => () =>
    trying(store, async () => {
      await call('PUT', at(store.state.key, '/clock'), clock);
      say(find('moved'), '');
      sync.need('sandbox');
    });
  find('freeze').addEventListener('click', set({ mode: 'frozen' }));
  find('fast').addEventListener('click', set({ mode: 'scaled', rate: 60 }));
  find('real').addEventListener('click', set({ mode: 'realtime' }));
  find('next').addEventListener('click', () =>
    trying(store, async () => {
      const path = at(store.state.key, '/clock/advance');
      const { fired } = await call('POST', path, { to: 'next' });
      say(find('moved'), sentenceOf(fired));
      sync.need('sandbox', 'rentals');
    }),
  );
  store.watch(
    (state) => [state.sandbox, state.key, state.tick],
    ({ sandbox, key }) => {
      const now = sandbox ? nowOf(sandbox) : null;
      say(find('now'), now === null ? '--:--:--' : timeOfDay(now));
      find('now').title = now === null ? '' : `${day(now)}, UTC`;
      say(find('mode'), sandbox ? modeOf(sandbox.clock) : '');
      if (key !== shown) {
        say(find('moved'), key === null ? 'Each sandbox has its own clock; choose a sandbox.' : '');
      }
      shown = key;
      for (const [id, mode] of Object.entries(MODES)) {
        find(id).setAttribute('aria-pressed', String(sandbox?.clock.mode === mode));
      }
    },
  );
}
