// Asks the user for the token of the control API.

import { askTokenWith } from './api.js';
import { find } from './dom.js';

export function offerToken() {
  const dialog = find('token', HTMLDialogElement);
  const field = find('token-value', HTMLInputElement);
  // Without the token, the page behind the dialog has nothing to show.
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
