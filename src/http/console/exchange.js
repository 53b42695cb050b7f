// One request with its reply, what is to be said of it, and why it went as it did.

import { curl } from './curl.js';
import { h } from './dom.js';
import { baseUrl, copyable } from './point.js';

function fieldsOf({ asked, api_key }) {
  const { country = '', service = '', rental_id = '' } = asked;
  return { api_key, country, service, rental_id };
}

function asked(found) {
  const fields = Object.entries(fieldsOf(found)).filter(([, value]) => value !== '');
  const lines = fields.map(([name, value]) => `${name}=${value}`);
  if (found.asked.malformed || found.asked.refused) lines.push('(what was understood of it)');
  return [`${found.method} /${found.endpoint}`, ...lines].join('\n');
}

function replied({ reply }) {
  if (!reply) return 'nothing';
  const head = reply.status ? `HTTP ${reply.status}` : 'nothing';
  const wire = reply.wire ? `on the wire: ${reply.wire}` : null;
  const headers = Object.entries(reply.headers ?? {}).map(([name, value]) => `${name}: ${value}`);
  const body = reply.body ? ['', reply.body] : [];
  return [head, wire, ...headers, ...body].filter((line) => line !== null).join('\n');
}

export function exchange(found, state) {
  const { remarks, explanation } = found;
  const line = curl(found.method, `${baseUrl(state)}/${found.endpoint}`, fieldsOf(found));
  return h(
    'div',
    { class: 'exchange' },
    h('p', { class: 'explanation' }, explanation),
    remarks.length ? h('ul', { class: 'remarks' }, ...remarks.map(({ id, says }) => h('li', {}, h('span', { class: 'chip remark' }, id), ` ${says}`))) : null,
    h('div', { class: 'both' }, h('div', {}, h('h3', {}, 'Request'), h('pre', { tabindex: '0' }, asked(found))), h('div', {}, h('h3', {}, 'Reply'), h('pre', { tabindex: '0' }, replied(found)))),
    h('div', { class: 'curl' }, ...copyable(line)),
  );
}
