// The form of an operation that sends a real call, and shows its reply as it comes.

/** @import { Document, Operation, Parameter } from './schema.js' */

import { curl } from './curl.js';
import { byId, make, pretty } from './elements.js';
import { indented, resolved } from './schema.js';

/** The part of a long reply that the page shows. */
const MOST = 200_000;

/**
 * What to send. The token travels in a header; the shown line names a variable instead.
 * @param {string} path
 * @param {Operation} operation
 * @param {Parameter[]} parameters
 * @param {(name: string) => string} value of a field of the form
 * @param {string} token
 */
export function callOf(path, operation, parameters, value, token) {
  let target = path;
  const query = new URLSearchParams();
  /** @type {Record<string, string>} */
  const headers = {};
  for (const parameter of parameters) {
    const given = value(`${parameter.in}:${parameter.name}`);
    if (parameter.in === 'path')
      target = target.replace(`{${parameter.name}}`, encodeURIComponent(given));
    if (parameter.in === 'query' && given) query.set(parameter.name, given);
    if (parameter.in === 'header' && given) headers[parameter.name] = given;
  }
  if (query.size) target += `?${query}`;
  const body = value('body') || undefined;
  if (body !== undefined) headers['Content-Type'] = value('kind');
  const shown = { ...headers };
  const isSecured = Boolean(operation.security && token);
  if (isSecured) headers.Authorization = `Bearer ${token}`;
  const tokenFrom = isSecured ? 'RINGER_ADMIN_TOKEN' : undefined;
  return { target, headers, body, shown: { headers: shown, body, tokenFrom, showsHead: true } };
}

/**
 * Reads the text of a reply piece by piece: a stream of events goes on until the user stops it.
 * @param {Response} reply
 * @param {(text: string) => void} show
 */
async function read(reply, show) {
  const reader = reply.body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  while (reader) {
    const { done, value } = await reader.read();
    if (done) break;
    text = (text + decoder.decode(value, { stream: true })).slice(-MOST);
    show(text);
  }
  return text;
}

/**
 * @param {string} method
 * @param {ReturnType<typeof callOf>} call
 * @param {HTMLElement} output
 * @param {AbortSignal} signal
 */
async function send(method, { target, headers, body, shown }, output, signal) {
  const state = make('p', 'Sending …');
  const received = make('pre');
  output.replaceChildren(
    make('h3', 'As a command'),
    make('pre', curl(method, location.origin + target, shown)),
    make('h3', 'The reply'),
    state,
    received,
  );
  try {
    const reply = await fetch(target, {
      method,
      headers,
      body,
      redirect: 'manual',
      cache: 'no-store',
      signal,
    });
    const lines = [...reply.headers].map(([name, value]) => `${name}: ${value}`);
    state.textContent = `${reply.status} ${reply.statusText}`;
    state.after(make('pre', lines.join('\n')));
    const text = await read(reply, (soFar) => (received.textContent = soFar));
    const type = reply.headers.get('content-type') ?? '';
    const isJson = /^application\/(problem\+)?json/.test(type) && !text.includes('\n');
    received.textContent = isJson ? indented(text) : text;
  } catch (error) {
    state.textContent = signal.aborted
      ? `${state.textContent} (stopped)`
      : `No reply: ${error instanceof Error ? error.message : error}`;
  }
}

/**
 * A field for a parameter.
 * @param {Parameter} parameter
 * @param {Document} document
 */
function field({ name, in: where, schema = {}, example = '', required = false }, document) {
  const isKey = name === 'api_key' || name === 'key';
  const choices = resolved(schema, document).enum;
  const control = make(choices ? 'select' : 'input');
  for (const choice of choices ? [...(required ? [] : ['']), ...choices] : []) {
    control.append(make('option', String(choice)));
  }
  control.name = `${where}:${name}`;
  control.required = required;
  if (isKey) control.value = byId('key', HTMLInputElement).value;
  else control.value = required ? example : '';
  return make('label', `${name} (${where})`, control);
}

/**
 * Fields for the body. Forms are for programs; a person writes JSON.
 * @param {Operation['requestBody']} requestBody
 */
function bodyFields(requestBody) {
  const [example] = Object.values(requestBody?.content['application/json'].examples ?? {});
  const value = { ...example?.value };
  if ('api_key' in value) value.api_key = byId('key', HTMLInputElement).value;
  const body = make('textarea');
  body.name = 'body';
  body.spellcheck = false;
  body.value = pretty(value);
  const kind = make('input');
  kind.name = 'kind';
  kind.value = 'application/json';
  return [make('label', 'Content-Type', kind), make('label', 'Body', body)];
}

/**
 * @param {string} method
 * @param {string} path
 * @param {Operation} operation
 * @param {Document} document
 */
export function trial(method, path, operation, document) {
  const form = make('form');
  const parameters = (operation.parameters ?? []).map((one) => resolved(one, document));
  form.append(...parameters.map((parameter) => field(parameter, document)));
  const requestBody = resolved(operation.requestBody, document);
  if (requestBody) form.append(...bodyFields(requestBody));
  const output = make('div');
  output.setAttribute('aria-live', 'polite');
  const end = make('button', 'Stop');
  end.type = 'button';
  form.append(make('p', null, make('button', 'Send'), ' ', end));
  let stop = new AbortController();
  end.addEventListener('click', () => stop.abort());
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    stop.abort();
    stop = new AbortController();
    const data = new FormData(form);
    /** @param {string} name */
    const value = (name) => String(data.get(name) ?? '');
    const token = byId('token', HTMLInputElement).value;
    const call = callOf(path, operation, parameters, value, token);
    send(method, call, output, stop.signal);
  });
  return make('div', null, make('h3', 'Try it'), form, output);
}
