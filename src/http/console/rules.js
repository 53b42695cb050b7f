// Fault rules: those that the form offers, and any rule in words.

/** @import { Endpoint, Fault } from './types' */

/** @type {Endpoint[]} */
const ENDPOINTS = ['rentNumber', 'getSMS', 'cancelNumber', 'getNumbers'];

/** @type {[string, string][]} */
export const WHERE = [...ENDPOINTS, 'every call'].map((name) => [name, name]);

/** @param {string} chosen */
export const whereOf = (chosen) => (chosen === 'every call' ? ENDPOINTS : [chosen]);

/** @type {Record<string, Pick<Fault, 'what'> & { phase?: Fault['phase'] }>} */
export const WHAT = {
  'out of numbers': { what: { error: 'NO_NUMBERS' } },
  'rate limited (429)': { what: { error: 'RATE_LIMITED' } },
  'maintenance (503)': { what: { error: 'MAINTENANCE' } },
  'a web page with 502': { what: { code: 502, body: 'html' } },
  'done, but its reply is lost': { what: { fault: 'CONNECTION_RESET_BY_PEER' }, phase: 'after' },
  'half a reply': { what: { fault: 'TRUNCATED_BODY', fraction: 0.5 }, phase: 'after' },
  '3 s late': { what: { delay: '3s' } },
};

/** @type {Record<string, Pick<Fault, 'times' | 'ttl'>>} */
export const SPAN = {
  'the next call': { times: 1 },
  'three calls': { times: 3 },
  '30 s': { ttl: '30s' },
  '2 min': { ttl: '2m' },
};

/** @param {Fault['what']} what */
function effect({ error, code, body, redirect, rate_limit, fault, delay }) {
  const parts = [];
  if (error) parts.push(error);
  if (code) parts.push(body && body !== 'json' ? `${code} ${body}` : `${code}`);
  if (redirect) parts.push(`redirect ${redirect}`);
  if (rate_limit) parts.push(`at most ${rate_limit.max} in ${rate_limit.window}`);
  if (fault) parts.push(fault);
  if (delay) parts.push(typeof delay === 'string' ? `${delay} late` : 'late');
  return parts.join(', ');
}

/** @param {Fault['when']} when */
function condition({ country, service, nth, nth_of_rental, probability, clock, from, until }) {
  const parts = [];
  if (country) parts.push(`in ${country}`);
  if (service) parts.push(`for ${service}`);
  if (nth) parts.push(`call ${nth.join(', ')}`);
  if (nth_of_rental) parts.push(`call ${nth_of_rental.join(', ')} of a rental`);
  if (probability !== undefined) parts.push(`${Math.round(probability * 100)} % of the time`);
  if (clock) parts.push(`under ${clock}`);
  if (from) parts.push(`from ${from}`);
  if (until) parts.push(`until ${until}`);
  return parts;
}

/** @param {Pick<Fault, 'where' | 'when' | 'what' | 'phase' | 'times' | 'ttl'>} rule */
export function sentenceOf({ where, when, what, phase, times, ttl }) {
  const calls = where.length === ENDPOINTS.length ? 'every call' : where.join(', ');
  const more = condition(when);
  if (times) more.push(`${times}×`);
  if (ttl) more.push(`for ${ttl}`);
  if (phase === 'after') more.push('after it took effect');
  return `${calls}: ${effect(what)}${more.length ? ` (${more.join('; ')})` : ''}`;
}
