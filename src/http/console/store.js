// One state and one way to change it. However much happens, the page draws at most ten times a
// second, in a frame of the browser's, and only the views whose part of the state has changed.

/** @import { Action, State, Store } from './types' */

const PAUSE = 100;

/**
 * @typedef {object} View
 * @property {(state: State) => unknown[]} select
 * @property {(state: State) => void} show
 * @property {unknown[] | null} parts the selected parts when it was last drawn
 */

/**
 * @param {(state: State, action: Action) => State} reduce
 * @param {State} state
 * @returns {Store}
 */
export function createStore(reduce, state) {
  /** @type {View[]} */
  const views = [];
  let isDue = false;
  let drawnAt = 0;

  function draw() {
    isDue = false;
    drawnAt = performance.now();
    for (const view of views) {
      const parts = view.select(state);
      const last = view.parts;
      if (last && parts.every((part, i) => part === last[i])) continue;
      view.parts = parts;
      view.show(state);
    }
  }

  function drawSoon() {
    if (isDue) return;
    isDue = true;
    const rest = PAUSE - (performance.now() - drawnAt);
    setTimeout(() => requestAnimationFrame(draw), Math.max(0, rest));
  }

  return {
    get state() {
      return state;
    },
    dispatch(action) {
      const next = reduce(state, action);
      if (next === state) return;
      state = next;
      drawSoon();
    },
    // `select` gives the parts of the state that `show` depends on.
    watch(select, show) {
      views.push({ select, show, parts: null });
      drawSoon();
    },
  };
}
