// A call as a line for a shell. Served to the console and to the docs page.

/** @param {string} text */
const quoted = (text) =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

/**
 * @param {string} method
 * @param {string} url
 * @param {object} [call]
 * @param {Record<string, string>} [call.form] a query for GET, a form for POST; empty values are left out
 * @param {Record<string, string>} [call.headers]
 * @param {string} [call.body]
 * @param {string} [call.tokenFrom] the shell variable that holds the token of the control API
 * @param {boolean} [call.showsHead] whether curl prints the head of the reply too
 */
export function curl(method, url, { form = {}, headers = {}, body, tokenFrom, showsHead } = {}) {
  const pairs = Object.entries(form).filter(([, value]) => value !== '');
  const query = method === 'GET' && pairs.length ? `?${new URLSearchParams(pairs)}` : '';
  const words = showsHead ? ['curl', '-i'] : ['curl'];
  if (method === 'HEAD') words.push('-I');
  else if (method === 'POST' ? !pairs.length && body === undefined : method !== 'GET')
    words.push('-X', method);
  words.push(quoted(url + query));
  for (const [name, value] of Object.entries(headers))
    words.push('-H', quoted(`${name}: ${value}`));
  if (tokenFrom) words.push('-H', `"Authorization: Bearer $${tokenFrom}"`);
  if (body !== undefined) words.push('--data-raw', quoted(body));
  if (method !== 'GET') {
    for (const [name, value] of pairs) {
      words.push(/^[\w.@-]*$/.test(value) ? '-d' : '--data-urlencode', quoted(`${name}=${value}`));
    }
  }
  return words.join(' ');
}
