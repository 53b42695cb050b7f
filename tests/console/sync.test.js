import './browser.js';

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { request, sandbox } from './samples.js';

const { cut } = await import('../../src/http/console/stream.js');
const { changedBy } = await import('../../src/http/console/sync.js');
const { watchedKeys } = await import('../../src/http/console/parts.js');
const { firstChoice } = await import('../../src/http/console/sandbox.js');
const { sentenceOf } = await import('../../src/http/console/api.js');

test('the stream is cut into events, whatever the pieces it comes in', () => {
  const text = ':\n\nevent: sms\ndata: {"a":1}\n\nid: 7\nevent: stock\ndata: {"b":"\\n"}\n\n';
  const whole = cut(text);
  assert.deepEqual(whole, {
    events: [
      { name: 'sms', data: { a: 1 } },
      { name: 'stock', data: { b: '\n' } },
    ],
    rest: '',
  });
  for (let at = 0; at < text.length; at += 1) {
    const first = cut(text.slice(0, at));
    const second = cut(first.rest + text.slice(at));
    assert.deepEqual([...first.events, ...second.events], whole.events);
  }
});

test('an event asks for the parts that it changes, and no others', () => {
  const state = { key: 'ci-1', sandboxes: [sandbox()] };
  /** @param {string} name @param {unknown} data */
  const changed = (name, data = {}) => [...changedBy([{ name, data }], state)].toSorted();
  assert.deepEqual(changed('fault'), ['faults']);
  assert.deepEqual(changed('stock'), ['countries']);
  assert.deepEqual(changed('no-such'), []);
  const plain = request(1, { rental_id: null });
  assert.deepEqual(changed('request', plain), ['report', 'sandbox']);
  assert.deepEqual(changed('request', request(1, { fault: 'fault_1' })), [
    'faults',
    'rentals',
    'report',
    'sandbox',
  ]);
  assert.ok(changed('request', request(1, { api_key: 'new' })).includes('sandboxes'));
  assert.equal(changed('resync').length, 7);
});

test('while all sandboxes are shown, every event asks for their list', () => {
  const state = { key: null, sandboxes: [] };
  assert.ok(changedBy([{ name: 'stock', data: {} }], state).has('sandboxes'));
  assert.equal(changedBy([], state).size, 0);
});

test('the page watches the sandboxes it just heard of, then the busiest, eight in all', () => {
  const heard = { ...request(1, { api_key: 'heard' }), heard: 1 };
  const sandboxes = Array.from({ length: 9 }, (_, i) =>
    sandbox({ api_key: `ci-${i}`, active_rentals: i }),
  );
  const keys = watchedKeys({ requests: [heard, heard], sandboxes });
  assert.deepEqual(keys.slice(0, 3), ['heard', 'ci-8', 'ci-7']);
  assert.equal(keys.length, 8);
});

test('the page begins with the sandbox of this tab, else the busiest, else demo', () => {
  const sandboxes = [sandbox({ requests: 1 }), sandbox({ api_key: 'busy', requests: 9 })];
  assert.equal(firstChoice(sandboxes, 'key all'), 'all');
  assert.equal(firstChoice(sandboxes, 'all'), null);
  assert.equal(firstChoice(sandboxes, null), 'busy');
  assert.equal(firstChoice([], null), 'demo');
});

test('a problem document becomes one sentence', () => {
  const errors = [
    { path: '.', message: 'not JSON' },
    { path: 'rate', message: 'rate must be positive' },
    { path: 'by', message: 'must be a duration' },
  ];
  const sentence = 'not JSON; rate must be positive; by: must be a duration';
  assert.equal(sentenceOf({ errors, detail: 'x' }, 400), sentence);
  assert.equal(sentenceOf({ detail: 'No such sandbox.' }, 404), 'No such sandbox.');
  assert.equal(sentenceOf({}, 502), 'HTTP 502');
});
