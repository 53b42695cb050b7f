import './browser.js';

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { START, mark, rental, sms, time } from './samples.js';

/** @import { Rental } from '../../src/http/console/types' */

const { waits, wholeOf } = await import('../../src/http/console/rentals.js');

const polled = [mark('getSMS', 10)];

/** @type {[string, Partial<Rental>, typeof polled, string][]} */
const CASES = [
  ['a cancelled rental', { state: 'cancelled', refund: 0.5 }, [], 'Cancelled, $0.50 paid back.'],
  ['an expired rental', { state: 'expired', refund: 0.5 }, [], 'Expired, $0.50 paid back.'],
  [
    'an SMS that nobody read',
    { messages: [sms(8)] },
    [],
    "An SMS has waited for the client's poll for 12 s.",
  ],
  [
    'a sold rental whose SMS nobody read',
    { state: 'sold', messages: [sms(8)] },
    [],
    'Sold, but the client never read its SMS.',
  ],
  ['a sold rental', { state: 'sold', messages: [sms(8)] }, polled, 'Sold for $0.50.'],
  [
    'a rental whose SMS was read',
    { messages: [sms(8)] },
    polled,
    'The client has its SMS. It expires in 19 min 40 s.',
  ],
  ['a rental without an SMS', {}, polled, 'No SMS is due. It expires in 19 min 40 s.'],
  [
    'a rental with an SMS due',
    { scheduled: [{ at: time(95), event: 'sms' }] },
    polled,
    'The client polls and waits; an SMS comes in 1 min 15 s.',
  ],
  [
    'a rental with a revocation due',
    { scheduled: [{ at: time(30), event: 'revocation' }] },
    [],
    'The client has not polled yet; the partner takes the number back in 10 s.',
  ],
];

for (const [name, changes, marks, sentence] of CASES) {
  test(`${name} says what it waits for`, () => {
    assert.equal(waits(rental(changes), marks, START + 20_000), sentence);
  });
}

test('the lines are as long as the longest rental, and a minute at least', () => {
  assert.equal(wholeOf([]), 60_000);
  const late = rental({ messages: [sms(1_300)] });
  assert.equal(wholeOf([rental(), late]), 1_300_000);
});
