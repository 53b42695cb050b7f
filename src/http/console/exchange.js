// One request with its reply, the remarks on it, and why it went as it did.

/** @import { Exchange, State } from './types' */

import { curl } from '../docs/curl.js';
import { h } from './dom.js';
import { pathOf } from './format.js';
import { baseUrl, copyable } from './point.js';

/** @param {Exchange} exchange */
function formOf({ asked, api_key }) {
  const { country, service, rental_id } = asked ?? {};
  return { api_key, country: country ?? '', service: service ?? '', rental_id: rental_id ?? '' };
}

/** @param {Exchange} found */
export function requestText(found) {
  const form = Object.entries(formOf(found)).filter(([, value]) => value !== '');
  const lines = form.map(([name, value]) => `${name}=${value}`);
  if (!found.asked || found.asked.malformed || found.asked.refused)
    lines.push('(the parts that could be read)');
  return [`${found.method} ${pathOf(found)}`, ...lines].join('\n');
}

/** @param {Exchange} found */
export function replyText({ reply }) {
  if (!reply) return 'nothing';
  const head = reply.status ? `HTTP ${reply.status}` : 'nothing';
  const wire = reply.wire ? [`on the wire: ${reply.wire}`] : [];
  const headers = Object.entries(reply.headers ?? {}).map(([name, value]) => `${name}: ${value}`);
  const body = reply.body ? ['', reply.body] : [];
  return [head, ...wire, ...headers, ...body].join('\n');
}

/**
 * @param {Exchange} found
 * @param {State} state
 */
export function exchange(found, state) {
  const { remarks, explanation } = found;
  const url = `${baseUrl(state)}${pathOf(found)}`;
  /** @param {Exchange['remarks'][number]} remark */
  const remark = ({ id, says }) => h('li', {}, h('span', { class: 'chip remark' }, id), ` ${says}`);
  /**
   * @param {string} title
   * @param {string} text
   */
  const side = (title, text) => h('div', {}, h('h3', {}, title), h('pre', { tabindex: '0' }, text));
  return h(
    'div',
    { class: 'exchange' },
    h('p', { class: 'explanation' }, explanation),
    remarks.length ? h('ul', { class: 'remarks' }, ...remarks.map(remark)) : null,
    h(
      'div',
      { class: 'both' },
      side('Request', requestText(found)),
      side('Reply', replyText(found)),
    ),
    h('div', { class: 'curl' }, ...copyable(curl(found.method, url, { form: formOf(found) }))),
  );
}
