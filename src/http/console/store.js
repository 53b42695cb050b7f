// One state and one way to change it. However much happens, the views are drawn ten times a second
// at the most, in a frame of the browser's, and only those whose part has changed.

const PAUSE = 100;

export function createStore(reduce, state) {
  const views = [];
  let isDue = false;
  let drawnAt = 0;

  function draw() {
    isDue = false;
    drawnAt = performance.now();
    for (const view of views) {
      const parts = view.select(state);
      if (view.parts && parts.every((part, i) => part === view.parts[i])) continue;
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
