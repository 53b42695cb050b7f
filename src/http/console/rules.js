// Fault rules: those that can be switched on here, and any rule in words.

const ENDPOINTS = ['rentNumber', 'getSMS', 'cancelNumber', 'getNumbers'];

export const WHERE = [...ENDPOINTS.map((name) => [name, name]), ['all', 'every call']];
export const whereOf = (chosen) => (chosen === 'all' ? ENDPOINTS : [chosen]);

export const WHAT = {
  'out of numbers': { what: { error: 'NO_NUMBERS' } },
  'rate limited (429)': { what: { error: 'RATE_LIMITED' } },
  'maintenance (503)': { what: { error: 'MAINTENANCE' } },
  'a web page with 502': { what: { code: 502, body: 'html' } },
  'done, but its reply is lost': { what: { fault: 'CONNECTION_RESET_BY_PEER' }, phase: 'after' },
  'half a reply': { what: { fault: 'TRUNCATED_BODY', fraction: 0.5 }, phase: 'after' },
  '3 s late': { what: { delay: '3s' } },
};

export const SPAN = {
  'the next call': { times: 1 },
  'three calls': { times: 3 },
  '30 s': { ttl: '30s' },
  '2 min': { ttl: '2m' },
};

function effect({ error, code, body, redirect, rate_limit, fault, delay }) {
  const what = [];
  if (error) what.push(error);
  if (code) what.push(`${code}${body && body !== 'json' ? ` ${body}` : ''}`);
  if (redirect) what.push(`redirect ${redirect}`);
  if (rate_limit) what.push(`at most ${rate_limit.max} in ${rate_limit.window}`);
  if (fault) what.push(fault);
  if (delay) what.push(typeof delay === 'string' ? `${delay} late` : 'late');
  return what.join(', ');
}

function condition(when = {}) {
  const parts = [];
  const { country, service, nth, nth_of_rental, probability, from, until } = when;
  if (country) parts.push(`in ${country}`);
  if (service) parts.push(`for ${service}`);
  if (nth) parts.push(`call ${nth.join(', ')}`);
  if (nth_of_rental) parts.push(`call ${nth_of_rental.join(', ')} of a rental`);
  if (probability !== undefined && probability !== null) parts.push(`${Math.round(probability * 100)} % of the time`);
  if (from) parts.push(`from ${from}`);
  if (until) parts.push(`until ${until}`);
  return parts;
}

export function told(rule) {
  const where = rule.where.length === ENDPOINTS.length ? 'every call' : rule.where.join(', ');
  const lasts = [rule.times && `${rule.times}×`, rule.ttl && `for ${rule.ttl}`, rule.phase === 'after' && 'after it took effect'];
  const more = [...condition(rule.when), ...lasts].filter(Boolean);
  return `${where}: ${effect(rule.what)}${more.length ? ` (${more.join('; ')})` : ''}`;
}
