import assert from 'node:assert/strict';
import { test } from 'node:test';

import { SPAN, WHAT, WHERE, sentenceOf, whereOf } from '../../src/http/console/rules.js';

/** @import { Fault } from '../../src/http/console/types' */

/** @type {Pick<Fault, 'where' | 'when' | 'what' | 'phase'>} */
const RULE = { where: ['rentNumber'], when: {}, what: { error: 'NO_NUMBERS' }, phase: 'before' };

test('a rule says where it strikes and what it does', () => {
  assert.equal(sentenceOf(RULE), 'rentNumber: NO_NUMBERS');
});

test('a rule says how long it lasts and when it strikes', () => {
  const when = { country: /** @type {const} */ ('DE'), nth: [2, 3], probability: 0.25 };
  const rule = { ...RULE, when, times: 3, ttl: '30s', phase: /** @type {const} */ ('after') };
  assert.equal(
    sentenceOf(rule),
    'rentNumber: NO_NUMBERS (in DE; call 2, 3; 25 % of the time; 3×; for 30s; after it took effect)',
  );
});

test('a rule says each of its effects', () => {
  const what = { code: 502, body: /** @type {const} */ ('html'), delay: '3s' };
  assert.equal(sentenceOf({ ...RULE, what }), 'rentNumber: 502 html, 3s late');
});

test('every choice of the form makes a rule with a sentence', () => {
  for (const [where] of WHERE) assert.ok(whereOf(where).length > 0);
  assert.equal(whereOf('every call').length, 4);
  for (const choice of Object.values(WHAT)) {
    for (const span of Object.values(SPAN)) {
      const where = /** @type {Fault['where']} */ (whereOf('every call'));
      assert.match(sentenceOf({ ...RULE, where, ...choice, ...span }), /^every call: \S.* \(.*\)$/);
    }
  }
});
