// The clock of the sandbox, and the hands that move it.

import { at, call } from './api.js';
import { find, say } from './dom.js';
import { count, day, modeOf, nowOf, timeOfDay } from './format.js';
import { trying } from './notice.js';

const WHAT = { sms: 'an SMS arrived', expiry: 'a rental expired', revocation: 'a number was taken back', stock: 'a stock changed' };

function told(fired) {
  if (fired.length === 0) return 'Nothing more is due.';
  const first = WHAT[fired[0].event] ?? 'something happened';
  const more = fired.length > 1 ? `, and ${count(fired.length - 1, 'thing')} more happened` : '';
  return `${timeOfDay(Date.parse(fired[0].at))}: ${first}${more}.`;
}

export function showClock(store, sync) {
  let shown;
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
      const { fired } = await call('POST', at(store.state.key, '/clock/advance'), { to: 'next' });
      say(find('moved'), told(fired));
      sync.need('sandbox', 'rentals');
    }),
  );
  store.watch(
    (state) => [state.sandbox, state.key, state.tick],
    ({ sandbox, key }) => {
      const now = sandbox && nowOf(sandbox);
      say(find('now'), sandbox ? timeOfDay(now) : '--:--:--');
      find('now').title = sandbox ? `${day(now)}, UTC` : '';
      say(find('mode'), sandbox ? modeOf(sandbox.clock) : '');
      if (key !== shown) say(find('moved'), key === null ? 'Each sandbox has its own; choose one.' : '');
      shown = key;
      const modes = { freeze: 'frozen', fast: 'scaled', real: 'realtime' };
      for (const [id, mode] of Object.entries(modes)) {
        find(id).setAttribute('aria-pressed', String(sandbox?.clock.mode === mode));
      }
    },
  );
}
