// A call as a line for a shell.

const quoted = (text) => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

export function curl(method, url, fields) {
  const pairs = Object.entries(fields).filter(([, value]) => value !== '');
  if (method === 'GET') return `curl ${quoted(`${url}?${new URLSearchParams(pairs)}`)}`;
  const isPlain = (value) => /^[\w.@-]*$/.test(value);
  const data = pairs.map(([name, value]) => `${isPlain(value) ? '-d' : '--data-urlencode'} ${quoted(`${name}=${value}`)}`);
  return ['curl', quoted(url), ...data].join(' ');
}
