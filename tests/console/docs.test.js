import assert from 'node:assert/strict';
import { test } from 'node:test';

import { indented, nameOf, operationsOf, resolved } from '../../src/http/docs/schema.js';
import { callOf } from '../../src/http/docs/trial.js';

/** @import { Operation, Parameter } from '../../src/http/docs/schema.js' */

/**
 * @param {string} operationId
 * @returns {Operation}
 */
const operation = (operationId) => ({ operationId, summary: '', tags: ['one'], responses: {} });

test('a reference is replaced by what it names, and what stands beside it wins', () => {
  const document = { a: { b: { $ref: '#/a/c', description: 'b' }, c: { type: 'string' } } };
  const found = resolved({ $ref: '#/a/b', example: 1 }, document);
  assert.deepEqual(found, { type: 'string', description: 'b', example: 1 });
  assert.equal(resolved(undefined, document), undefined);
});

test('a schema has a short name', () => {
  const names = [
    { $ref: '#/components/schemas/Rental' },
    { const: 'sms' },
    { enum: ['a', null] },
    { anyOf: [{ type: 'string' }, { type: 'null' }] },
    { type: 'array', items: { type: 'integer' } },
    { type: 'object', properties: { a: {}, b: {} } },
    { type: ['string', 'null'] },
    {},
  ].map(nameOf);
  assert.deepEqual(names, [
    'Rental',
    '"sms"',
    '"a" | null',
    'string | null',
    'integer[]',
    '{ a, b }',
    'string | null',
    'anything',
  ]);
});

test('the operations of a tag come in the order of a rental’s life', () => {
  const paths = {
    '/x': { get: operation('x') },
    '/rentNumber': { post: operation('rentNumber') },
    '/getNumbers': { get: operation('getNumbers') },
    '/other': { get: { ...operation('other'), tags: ['two'] } },
  };
  const listed = operationsOf({ info: /** @type {any} */ ({}), tags: [], paths }, 'one');
  const names = listed.map(({ method, path }) => `${method} ${path}`);
  assert.deepEqual(names, ['GET /getNumbers', 'POST /rentNumber', 'GET /x']);
});

test('JSON is indented, and each value stays as it was sent', () => {
  const text = '{"price":0.50,"tags":["a,b: {\\"}"],"none":{},"empty":[]}';
  assert.equal(
    indented(text),
    `{
  "price": 0.50,
  "tags": [
    "a,b: {\\"}"
  ],
  "none": {},
  "empty": []
}`,
  );
});

test('a call has its parameters in the path, the query and the headers', () => {
  /** @type {Parameter[]} */
  const parameters = [
    { name: 'key', in: 'path' },
    { name: 'last', in: 'query' },
    { name: 'limit', in: 'query' },
    { name: 'Prefer', in: 'header' },
  ];
  /** @type {Record<string, string>} */
  const form = { 'path:key': 'a/b', 'query:last': '2', 'header:Prefer': 'code=503' };
  const value = (/** @type {string} */ name) => form[name] ?? '';
  const call = callOf('/sandboxes/{key}', operation('x'), parameters, value, 's3cret');
  assert.equal(call.target, '/sandboxes/a%2Fb?last=2');
  assert.deepEqual(call.headers, { Prefer: 'code=503' });
});

test('the token travels in a header and is not shown', () => {
  const secured = { ...operation('x'), security: [] };
  const value = (/** @type {string} */ name) =>
    ({ body: '{}', kind: 'application/json' })[name] ?? '';
  const { headers, shown } = callOf('/', secured, [], value, 's3cret');
  assert.equal(headers.Authorization, 'Bearer s3cret');
  assert.ok(!JSON.stringify(shown).includes('s3cret'));
  assert.equal(shown.tokenFrom, 'RINGER_ADMIN_TOKEN');
  assert.equal(shown.body, '{}');
});
