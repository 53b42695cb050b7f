import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';

import { curl } from '../../src/http/docs/curl.js';

const URL = 'http://localhost:7464';

test('a GET has its form in the query, without empty values', () => {
  const line = curl('GET', `${URL}/getNumbers`, { form: { api_key: 'a b', country: '' } });
  assert.equal(line, `curl '${URL}/getNumbers?api_key=a+b'`);
});

test('a POST has a form, encoded where it must be', () => {
  const form = { api_key: 'ci-1', country: 'DE', service: '', rental_id: "a&b='" };
  assert.equal(
    curl('POST', `${URL}/rentNumber`, { form }),
    `curl ${URL}/rentNumber -d api_key=ci-1 -d country=DE --data-urlencode 'rental_id=a&b='\\'''`,
  );
});

test('the method stands in the line only where curl would send another', () => {
  const words = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'].map((method) => curl(method, URL));
  assert.deepEqual(words, [
    `curl ${URL}`,
    `curl -I ${URL}`,
    `curl -X POST ${URL}`,
    `curl -X PUT ${URL}`,
    `curl -X DELETE ${URL}`,
  ]);
  assert.equal(curl('POST', URL, { body: '{}' }), `curl ${URL} --data-raw '{}'`);
});

test('the line names the variable of the token, never the token', () => {
  const headers = { 'Content-Type': 'application/json' };
  const line = curl('PUT', URL, { headers, tokenFrom: 'TOKEN', showsHead: true });
  assert.equal(
    line,
    `curl -i -X PUT ${URL} -H 'Content-Type: application/json' -H "Authorization: Bearer $TOKEN"`,
  );
});

test('a shell gives curl each value as it was', () => {
  const value = `it's "$HOME" \`id\` \\ \n* ; & <>`;
  const line = curl('POST', URL, { form: { api_key: value }, body: value, headers: { A: value } });
  const printed = `printf '%s\\0'${line.slice('curl'.length)}`;
  const words = execFileSync('sh', ['-c', printed], { encoding: 'utf8' }).split('\0');
  assert.deepEqual(words.slice(0, -1), [
    URL,
    '-H',
    `A: ${value}`,
    '--data-raw',
    value,
    '--data-urlencode',
    `api_key=${value}`,
  ]);
});
