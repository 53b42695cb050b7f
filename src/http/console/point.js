// Where to point a client: the address, the key, and a line to try.

import { curl } from './curl.js';
import { find, h } from './dom.js';

// Where the browser lets us not write to the clipboard, the text is marked to be copied by hand.
export function copyable(text) {
  const code = h('code', { tabindex: '0' }, text);
  const button = h('button', { type: 'button', class: 'quiet', 'aria-label': `Copy ${text}` }, 'Copy');
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = 'Copied';
    } catch {
      getSelection().selectAllChildren(code);
      button.textContent = 'Marked';
    }
    setTimeout(() => (button.textContent = 'Copy'), 1_500);
  });
  return [code, button];
}

export const baseUrl = ({ place }) => place.partner ?? location.origin;

export function showPoint(store) {
  store.watch(
    (state) => [state.place, state.key, state.sandbox?.scenario],
    (state) => {
      const base = baseUrl(state);
      const key = state.key ?? 'YOUR_KEY';
      const name = key.split('@')[0];
      const lines = [
        ['Base URL', base],
        ['api_key', key],
        ['On another scenario', `${name}@${state.sandbox?.scenario === 'slow-sms' ? 'rate-limited' : 'slow-sms'}`],
        ['To try it', curl('GET', `${base}/getNumbers`, { api_key: key })],
      ];
      find('addresses').replaceChildren(
        ...lines.flatMap(([label, text]) => [h('dt', {}, label), h('dd', {}, ...copyable(text))]),
      );
    },
  );
}
