// Where to point a client: the address, the key, and a line to try.

/** @import { State, Store } from './types' */

import { curl } from '../docs/curl.js';
import { find, h } from './dom.js';

/**
 * A text with a button that copies it. Where the browser denies the page its clipboard, the button
 * selects the text instead.
 * @param {string} text
 */
export function copyable(text) {
  const code = h('code', { tabindex: '0' }, text);
  const attributes = { type: 'button', class: 'quiet', 'aria-label': `Copy ${text}` };
  const button = h('button', attributes, 'Copy');
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = 'Copied';
    } catch {
      getSelection()?.selectAllChildren(code);
      button.textContent = 'Selected';
    }
    setTimeout(() => (button.textContent = 'Copy'), 1_500);
  });
  return [code, button];
}

/** @param {Pick<State, 'place'>} state */
export const baseUrl = ({ place }) => place.partner ?? location.origin;

/** @param {Store} store */
export function showPoint(store) {
  store.watch(
    (state) => [state.place, state.key, state.sandbox?.scenario],
    (state) => {
      const base = baseUrl(state);
      const key = state.key ?? 'YOUR_KEY';
      const [name] = key.split('@');
      const other = state.sandbox?.scenario === 'slow-sms' ? 'rate-limited' : 'slow-sms';
      const lines = [
        ['Base URL', base],
        ['api_key', key],
        ['On another scenario', `${name}@${other}`],
        ['To try it', curl('GET', `${base}/getNumbers`, { form: { api_key: key } })],
      ];
      find('addresses').replaceChildren(
        ...lines.flatMap(([label, text]) => [h('dt', {}, label), h('dd', {}, ...copyable(text))]),
      );
    },
  );
}
