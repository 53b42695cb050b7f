// Acts as the partner: an SMS for the chosen rental, now or later.

import { at, call } from './api.js';
import { find, onSubmit, say } from './dom.js';
import { trying } from './notice.js';

// The code that a reader would take: what the page shows beside the SMS.
const codeIn = (text) => /(?<!\d)\d{4,8}(?!\d)/.exec(text)?.[0] ?? null;

export function showPartner(store, sync) {
  const form = find('sms-form');
  onSubmit(form, () =>
    trying(store, async () => {
      const id = find('rental').value;
      if (!id) throw new Error('There is no rental yet to send an SMS to; rent a number first.');
      const text = find('sms-text').value;
      const sms = { sender: find('sms-sender').value, text, after: Number(find('sms-after').value), expected_code: codeIn(text) };
      await call('POST', at(store.state.key, `/rentals/${encodeURIComponent(id)}/messages`), sms);
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
