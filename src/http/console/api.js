// The control API. Its token, where it asks for one, stays in this tab: never in an address.

const STORED = 'ringer-token';
let token = sessionStorage.getItem(STORED);
let asked = null;
let ask = () => Promise.reject(new Error('no token'));

// Who asks the user for the token.
export function askTokenWith(how) {
  ask = how;
}

// However many calls are refused, the user is asked once.
function newToken() {
  asked ??= ask(token !== null).then((value) => {
    token = value;
    sessionStorage.setItem(STORED, value);
    asked = null;
  });
  return asked;
}

export async function request(method, path, body, more = {}) {
  for (;;) {
    const used = token;
    const headers = used ? { authorization: `Bearer ${used}` } : {};
    if (body !== undefined) headers['content-type'] = 'application/json';
    const text = body === undefined ? undefined : JSON.stringify(body);
    const reply = await fetch(`/__admin${path}`, { method, headers, body: text, cache: 'no-store', ...more });
    if (reply.status !== 401) return reply;
    if (used === token) await newToken();
  }
}

// What a problem document says, in a sentence.
export function told({ errors = [], detail }, status) {
  const fields = errors.map(({ path, message }) => (path === '.' || message.startsWith(path) ? message : `${path}: ${message}`));
  return fields.join('; ') || detail || `HTTP ${status}`;
}

export async function call(method, path, body) {
  const reply = await request(method, path, body);
  const json = reply.status === 204 ? null : await reply.json();
  if (reply.ok) return json;
  const problem = new Error(told(json, reply.status));
  problem.status = reply.status;
  throw problem;
}

export const get = (path) => call('GET', path);

// The path of a sandbox: a key may have any character in it.
export const at = (key, rest = '') => `/sandboxes/${encodeURIComponent(key)}${rest}`;
