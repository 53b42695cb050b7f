import assert from 'node:assert/strict';
import { test } from 'node:test';

import { initial, reduce } from '../../src/http/console/reducer.js';
import { request, sandbox } from './samples.js';

/** @import { Action, State } from '../../src/http/console/types' */

/** @param {Action[]} actions */
const after = (...actions) => actions.reduce(reduce, initial);

/** @param {State} state */
const seqs = (state) => state.requests.map(({ seq }) => seq);

/** @param {number} first @param {number} last */
const requests = (first, last) =>
  Array.from({ length: last - first + 1 }, (_, i) => request(first + i));

test('the newest request comes first', () => {
  const state = after(
    { type: 'events', entries: requests(1, 2) },
    { type: 'events', entries: [request(3)] },
  );
  assert.deepEqual(seqs(state), [3, 2, 1]);
  assert.equal(state.heard, 3);
});

test('no event changes nothing', () => {
  assert.equal(after({ type: 'events', entries: [] }), initial);
});

test('the page keeps the newest 200 requests and the newest 120 marks of a rental', () => {
  const state = after({ type: 'events', entries: requests(1, 250) });
  assert.equal(state.requests.length, 200);
  assert.equal(state.requests[0].seq, 250);
  assert.equal(state.marks.rent_1.length, 120);
  assert.equal(state.marks.rent_1[119].at, Date.parse(request(250).at));
});

test('the page keeps marks of the newest 300 rentals', () => {
  const entries = requests(1, 301).map((one) => ({ ...one, rental_id: `rent_${one.seq}` }));
  const { marks } = after({ type: 'events', entries });
  assert.equal(Object.keys(marks).length, 300);
  assert.ok(!('rent_1' in marks) && 'rent_301' in marks);
});

test('a request without a rental leaves no mark', () => {
  const state = after({ type: 'events', entries: [request(1, { rental_id: null })] });
  assert.deepEqual(state.marks, {});
});

test('the journal replaces what was heard before the resync, and keeps what came since', () => {
  const state = after(
    { type: 'events', entries: [request(7)] },
    { type: 'resync' },
    { type: 'events', entries: [request(3)] },
    { type: 'requests', value: requests(1, 2) },
  );
  assert.deepEqual(seqs(state), [3, 2, 1]);
});

test('a request in both the journal and the stream is shown once', () => {
  const state = after(
    { type: 'events', entries: [request(2)] },
    { type: 'requests', value: requests(1, 2) },
  );
  assert.deepEqual(seqs(state), [2, 1]);
  assert.equal(state.marks.rent_1.length, 2);
});

test('the journals of several sandboxes are merged by real time', () => {
  const real_at = '2026-02-01T00:00:00Z';
  const late = request(1, { api_key: 'ci-2', real_at });
  const state = after({ type: 'requests', value: [late, request(9)] });
  assert.deepEqual(seqs(state), [1, 9]);
});

test('choosing a sandbox forgets the one before it', () => {
  const state = after(
    { type: 'got', what: 'rental', value: 'rent_1' },
    { type: 'events', entries: [request(1)] },
    { type: 'choose', key: 'ci-2' },
  );
  assert.equal(state.key, 'ci-2');
  assert.deepEqual([state.requests, state.marks, state.rental], [[], {}, null]);
  assert.equal(state.fence, 1);
});

test('a call is updated in place, and the page keeps twelve', () => {
  const call = { line: 'curl', status: null, text: '' };
  const calls = Array.from({ length: 13 }, (_, id) => ({ ...call, id }));
  const state = after(...calls.map((one) => /** @type {Action} */ ({ type: 'called', call: one })));
  assert.equal(state.calls.length, 12);
  const done = reduce(state, { type: 'called', call: { ...call, id: 12, status: 200 } });
  assert.deepEqual([done.calls.length, done.calls[0].status], [12, 200]);
});

test('a tick counts the requests of a second', () => {
  const state = after(
    { type: 'tick', at: 1_000 },
    { type: 'events', entries: requests(1, 5) },
    { type: 'tick', at: 1_500 },
  );
  assert.equal(state.rate, 10);
  assert.equal(reduce(state, { type: 'tick', at: 2_000 }).rate, 0);
});

test('a tick draws nothing while every clock stands still, and time while one runs', () => {
  const frozen = after({ type: 'got', what: 'sandbox', value: sandbox() });
  const { rate, tick } = reduce(frozen, { type: 'tick', at: 500 });
  assert.deepEqual([rate, tick], [0, 0]);
  const value = sandbox({ clock: { mode: 'realtime' } });
  const running = after({ type: 'got', what: 'sandbox', value }, { type: 'tick', at: 500 });
  assert.equal(running.tick, 500);
});

test('an unknown action is an error', () => {
  assert.throws(() => reduce(initial, /** @type {any} */ ({ type: 'no-such' })), /no-such/);
});
