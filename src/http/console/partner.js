// Acts as the partner: an SMS for the chosen rental, now or later.

import { at, call } from './api.js';
import { find, onSubmit, say } from './dom.js';
import { trying } from './notice.js';

export function showPartner(store, sync) {
  const form = find('sms-form');
  onSubmit(form, () =>
    trying(store, async () => {
      const id = find('rental').value;
      if (!id) throw new Error('There is no rental yet to send an SMS to; rent a number first.');
      const sms = { sender: find('sms-sender').value, text: find('sms-text').value, after: Number(find('sms-after').value) };
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
