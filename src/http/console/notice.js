// What went wrong, until the user closes it; and whether the page hears the server.

/** @import { Store } from './types' */

import { find, inside, say } from './dom.js';

const LINKS = {
  connecting: 'connecting',
  live: 'live',
  lost: 'connection lost, trying again',
  refused: 'refused',
};

/** @param {Store} store */
export function showNotices(store) {
  const box = find('notice');
  const close = () => store.dispatch({ type: 'notice', text: null });
  inside(box, 'button').addEventListener('click', close);
  store.watch(
    (state) => [state.notice],
    ({ notice }) => {
      box.hidden = notice === null;
      say(inside(box, 'p'), notice ?? '');
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

/**
 * Runs `act`, and shows its error as a notice.
 * @template T
 * @param {Store} store
 * @param {() => T | Promise<T>} act
 * @returns {Promise<T | undefined>}
 */
export async function trying(store, act) {
  try {
    store.dispatch({ type: 'notice', text: null });
    return await act();
  } catch (problem) {
    const text = problem instanceof Error ? problem.message : String(problem);
    store.dispatch({ type: 'notice', text });
    return undefined;
  }
}
