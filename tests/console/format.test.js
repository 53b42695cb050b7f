import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  brief,
  count,
  day,
  duration,
  modeOf,
  nowOf,
  timeOfDay,
  usd,
} from '../../src/http/console/format.js';
import { START, sandbox } from './samples.js';

test('times and days are UTC', () => {
  assert.equal(timeOfDay(START + 3_723_000), '01:02:03');
  assert.equal(day(START), '2026-01-01');
});

test('a duration has one or two units', () => {
  const texts = [-5_000, 8_000, 60_000, 95_000, 1_200_000, 3_600_000, 5_430_000].map(duration);
  assert.deepEqual(texts, ['0 s', '8 s', '1 min', '1 min 35 s', '20 min', '1 h', '1 h 30 min']);
});

test('a brief duration has whole minutes from two on', () => {
  assert.deepEqual([95_000, 1_151_000].map(brief), ['1 min 35 s', '19 min']);
});

test('counts have their plural, sums their cents', () => {
  assert.deepEqual([count(1, 'time'), count(1_200, 'time')], ['1 time', '1,200 times']);
  assert.equal(count(2, 'entry', 'entries'), '2 entries');
  assert.equal(usd(0.5), '$0.50');
});

test('the page lets a running clock run on, and a frozen one stand', () => {
  /** @param {import('../../src/http/console/types').Clock} clock */
  const shown = (clock) => nowOf(sandbox({ clock, heardAt: 1_000 }), 3_000) - START;
  assert.equal(shown({ mode: 'realtime' }), 2_000);
  assert.equal(shown({ mode: 'scaled', rate: 60 }), 120_000);
  assert.equal(shown({ mode: 'frozen' }), 0);
  assert.equal(shown({ mode: 'per_poll', step: '5s' }), 0);
});

test('each mode of a clock has a name', () => {
  assert.equal(modeOf({ mode: 'realtime' }), 'real time');
  assert.equal(modeOf({ mode: 'scaled', rate: 60 }), '×60');
  assert.equal(modeOf({ mode: 'per_poll', step: '5s' }), '5s a poll');
  assert.equal(modeOf({ mode: 'frozen' }), 'frozen');
});
