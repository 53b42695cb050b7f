// Acts as the partner: sends an SMS to the chosen rental, now or later.

/** @import { Store, Sync } from './types' */

import { at, call } from './api.js';
import { find, onSubmit, say } from './dom.js';
import { trying } from './notice.js';

/**
 * The code that a reader would take from a text; the page shows it beside the SMS.
 * @param {string} text
 */
export const codeIn = (text) => /(?<!\d)\d{4,8}(?!\d)/.exec(text)?.[0] ?? null;

/**
 * @param {Store} store
 * @param {Sync} sync
 */
export function showPartner(store, sync) {
  const [sender, text, after] = ['sms-sender', 'sms-text', 'sms-after'].map((id) =>
    find(id, HTMLInputElement),
  );
  onSubmit(find('sms-form'), () =>
    trying(store, async () => {
      const id = find('rental', HTMLSelectElement).value;
      if (!id) throw new Error('There is no rental to send an SMS to; rent a number first.');
      const path = at(store.state.key, `/rentals/${encodeURIComponent(id)}/messages`);
      await call('POST', path, {
        sender: sender.value,
        text: text.value,
        after: Number(after.value),
        expected_code: codeIn(text.value),
      });
      // One that comes later is no event yet.
      sync.need('rentals');
    }),
  );
  store.watch(
    (state) => [state.rentals, state.rental],
    ({ rentals, rental }) => {
      const chosen = rentals.find(({ rental_id }) => rental_id === rental) ?? rentals[0];
      say(find('sms-to'), chosen ? chosen.number : 'the rental');
    },
  );
}
