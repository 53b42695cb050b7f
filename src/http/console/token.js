// Asks for the token of the control API.

import { askTokenWith } from './api.js';
import { find } from './dom.js';

export function offerToken() {
  const dialog = find('token');
  const field = find('token-value');
  // Without the token there is nothing behind it to go back to.
  dialog.addEventListener('cancel', (event) => event.preventDefault());
  askTokenWith(
    (wasWrong) =>
      new Promise((answer) => {
        find('token-wrong').hidden = !wasWrong;
        dialog.showModal();
        dialog.addEventListener(
          'close',
          () => {
            answer(field.value);
            field.value = '';
          },
          { once: true },
        );
      }),
  );
}
