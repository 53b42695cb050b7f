import assert from 'node:assert/strict';
import { test } from 'node:test';

import { place, ticks } from '../../src/http/console/scale.js';
import { fitting, readBy } from '../../src/http/console/timeline.js';
import { START, mark } from './samples.js';

test('the line begins at 0 %, ends at 100 % and never runs backwards', () => {
  const whole = 1_200_000;
  const places = [-1_000, 0, 5_000, 60_000, whole].map((ms) => place(ms, whole));
  assert.deepEqual([places[0], places[1], places[4]], [0, 0, 100]);
  assert.deepEqual(
    places.slice(1).toSorted((a, b) => a - b),
    places.slice(1),
  );
});

test('the first minute has more than a third of twenty', () => {
  assert.ok(place(60_000, 1_200_000) > 33);
});

test('the axis has ticks up to its end', () => {
  const texts = ticks(120_000).map(({ text }) => text);
  assert.deepEqual(texts, ['rented', '5 s', '15 s', '30 s', '1 min', '2 min']);
  assert.equal(ticks(86_400_000).at(-1)?.text, '24 h');
});

test('labels that would overlap give way to the more telling ones', () => {
  /** @param {number} x @param {number} rank */
  const label = (x, rank) => ({ x, rank, text: '', kind: '' });
  /** @param {ReturnType<typeof label>[]} labels */
  const places = (...labels) => fitting(labels).map(({ x }) => x);
  assert.deepEqual(places(label(10, 1), label(15, 0), label(40, 2)), [15, 40]);
  // At the right end a label extends to the left.
  assert.deepEqual(places(label(80, 1), label(97, 0)), [97]);
  assert.deepEqual(places(label(60, 1), label(77, 0)), [77, 60]);
});

test('a poll reads an SMS when it succeeds after the SMS arrived', () => {
  const read = mark('getSMS', 9);
  const marks = [
    mark('getSMS', 7),
    mark('cancelNumber', 8),
    mark('getSMS', 8, { status: 503 }),
    mark('getSMS', 8, { code: 'RATE_LIMITED' }),
    read,
  ];
  assert.equal(readBy(START + 8_000, marks), read);
  assert.equal(readBy(START + 10_000, marks), undefined);
});
