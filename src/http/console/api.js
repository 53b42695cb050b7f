// The control API. Its token stays in this tab; it never becomes part of an address.

/** @import { Problem } from './types' */

const STORED = 'ringer-token';
let token = sessionStorage.getItem(STORED);
/** @type {Promise<void> | null} */
let asking = null;
/** @type {(wasWrong: boolean) => Promise<string>} */
let askUser = () => Promise.reject(new Error('no token'));

/**
 * Sets how the page asks the user for the token.
 * @param {typeof askUser} how
 */
export function askTokenWith(how) {
  askUser = how;
}

// However many calls are refused, the page asks the user once.
function newToken() {
  asking ??= askUser(token !== null).then((value) => {
    token = value;
    sessionStorage.setItem(STORED, value);
    asking = null;
  });
  return asking;
}

/**
 * @param {string} method
 * @param {string} path below `/__admin`
 * @param {unknown} [body] sent as JSON
 * @param {RequestInit} [more]
 */
export async function request(method, path, body, more = {}) {
  for (;;) {
    const used = token;
    /** @type {Record<string, string>} */
    const headers = used ? { authorization: `Bearer ${used}` } : {};
    if (body !== undefined) headers['content-type'] = 'application/json';
    const reply = await fetch(`/__admin${path}`, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: 'no-store',
      ...more,
    });
    if (reply.status !== 401) return reply;
    if (used === token) await newToken();
  }
}

/**
 * A problem document in one sentence.
 * @param {Problem} problem
 * @param {number} status
 */
export function sentenceOf({ errors = [], detail }, status) {
  const fields = errors.map(({ path, message }) =>
    path === '.' || message.startsWith(path) ? message : `${path}: ${message}`,
  );
  return fields.join('; ') || detail || `HTTP ${status}`;
}

/** A call that the control API refused. */
export class Refused extends Error {
  /**
   * @param {Problem} problem
   * @param {number} status
   */
  constructor(problem, status) {
    super(sentenceOf(problem, status));
    this.status = status;
  }
}

/**
 * The JSON of the reply; throws `Refused` where the control API refuses the call.
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 * @returns {Promise<any>}
 */
export async function call(method, path, body) {
  const reply = await request(method, path, body);
  const json = reply.status === 204 ? null : await reply.json();
  if (reply.ok) return json;
  throw new Refused(json, reply.status);
}

/** @param {string} path */
export const get = (path) => call('GET', path);

/**
 * The path of a sandbox. A key may contain any character.
 * @param {string | null} key
 */
export const at = (key, rest = '') => `/sandboxes/${encodeURIComponent(String(key))}${rest}`;
