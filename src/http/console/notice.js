// What went wrong, until it is closed; and whether the page hears the server.

import { find, say } from './dom.js';

const LINKS = {
  connecting: 'connecting',
  live: 'live',
  lost: 'connection lost, trying again',
  refused: 'refused',
};

export function showNotices(store) {
  const box = find('notice');
  box.querySelector('button').addEventListener('click', () => store.dispatch({ type: 'notice', text: null }));
  store.watch(
    (state) => [state.notice],
    ({ notice }) => {
      box.hidden = notice === null;
      say(box.querySelector('p'), notice ?? '');
    },
  );
  const link = find('link');
  store.watch(
    (state) => [state.link],
    (state) => {
      link.dataset.link = state.link;
      say(link, LINKS[state.link]);
    },
  );
}

// Does something, and tells where it fails.
export async function trying(store, act) {
  try {
    store.dispatch({ type: 'notice', text: null });
    return await act();
  } catch (problem) {
    store.dispatch({ type: 'notice', text: problem.message });
    return undefined;
  }
}
