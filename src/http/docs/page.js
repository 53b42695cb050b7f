// Shows /openapi.json, with a form at each operation that sends a real call.

/** @import { Content, Document, Operation, Schema } from './schema.js' */

import { byId, fold, make, paragraphs, pretty, prose } from './elements.js';
import { nameOf, operationsOf, resolved } from './schema.js';
import { trial } from './trial.js';

/**
 * @param {Schema} schema
 * @param {Document} document
 */
function fields(schema, document) {
  const { properties = {}, required = [], ...rest } = resolved(schema, document);
  const items = Object.entries(properties).map(([name, field]) => {
    const optional = required.includes(name) ? '' : ', optional';
    const about = resolved(field, document).description;
    const text = ` ${nameOf(field)}${optional}. `;
    return make('li', null, make('code', name), text, ...prose(about));
  });
  return items.length ? make('ul', null, ...items) : make('p', nameOf(rest));
}

/** @param {Content} content */
const examples = ({ examples = {} }) =>
  Object.entries(examples).map(([name, { value }]) =>
    make('div', null, make('p', `Example: ${name}`), make('pre', pretty(value))),
  );

/**
 * @param {Operation} operation
 * @param {Document} document
 */
const replies = (operation, document) =>
  Object.entries(operation.responses).map(([status, reference]) => {
    const { description = '', headers = {}, content = {} } = resolved(reference, document);
    const parts = Object.entries(headers).map(([name, header]) =>
      make('p', `Header ${name}: `, ...prose(header.description)),
    );
    for (const [kind, one] of Object.entries(content)) {
      parts.push(make('p', `${kind}: ${nameOf(one.schema ?? {})}`), ...examples(one));
    }
    const codes = description.replace(/^- /gm, '').replaceAll('\n', ' · ');
    return fold(prose(`${status} ${codes}`), ...parts);
  });

/**
 * @param {Operation} operation
 * @param {Document} document
 */
function parameters({ parameters = [] }, document) {
  const items = parameters.map((reference) => {
    const parameter = resolved(reference, document);
    const optional = parameter.required ? '' : ', optional';
    const about = parameter.description ?? resolved(parameter.schema ?? {}, document).description;
    const text = ` in the ${parameter.in}${optional}. `;
    return make('li', null, make('code', parameter.name), text, ...prose(about));
  });
  return items.length ? [make('h3', 'Parameters'), make('ul', null, ...items)] : [];
}

/**
 * @param {Operation} operation
 * @param {Document} document
 */
function body({ requestBody }, document) {
  const content = resolved(requestBody, document)?.content;
  if (!content) return [];
  const [first] = Object.values(content);
  const kinds = make('p', Object.keys(content).join(', '));
  return [make('h3', 'Body'), kinds, fields(first.schema ?? {}, document)];
}

/**
 * @param {ReturnType<typeof operationsOf>[number]} listed
 * @param {Document} document
 */
function section({ method, path, operation }, document) {
  const details = make('details');
  details.id = operation.operationId;
  const [verb, target] = [make('span', method), make('span', path)];
  verb.className = 'method';
  target.className = 'path';
  const inside = make('div');
  details.append(make('summary', null, verb, target, ` ${operation.summary}`), inside);
  // Filled when it is opened, so that a long document shows at once.
  details.addEventListener('toggle', () => {
    if (!details.open || inside.children.length) return;
    inside.append(
      ...paragraphs(operation.description),
      ...parameters(operation, document),
      ...body(operation, document),
      trial(method, path, operation, document),
      make('h3', 'Replies'),
      ...replies(operation, document),
    );
  });
  return details;
}

/** @param {Document} api */
function show(api) {
  byId('title').textContent = `${api.info.title} ${api.info.version}`;
  byId('about').replaceChildren(...paragraphs(api.info.description));
  byId('operations').replaceChildren(
    ...api.tags.flatMap((tag) => [
      make('h2', tag.name),
      ...paragraphs(tag.description),
      ...operationsOf(api, tag.name).map((listed) => section(listed, api)),
    ]),
  );
  const wanted = document.getElementById(location.hash.slice(1));
  if (wanted instanceof HTMLDetailsElement) wanted.open = true;
}

byId('settings').addEventListener('submit', (event) => event.preventDefault());
const search = byId('find', HTMLInputElement);
search.addEventListener('input', () => {
  const wanted = search.value.toLowerCase();
  for (const details of document.querySelectorAll('main > details')) {
    const title = details.querySelector('summary')?.textContent ?? '';
    /** @type {HTMLElement} */ (details).hidden = !title.toLowerCase().includes(wanted);
  }
});

try {
  const reply = await fetch('/openapi.json');
  if (!reply.ok) throw new Error(`${reply.status} ${reply.statusText}`);
  show(await reply.json());
} catch (error) {
  const why = error instanceof Error ? error.message : error;
  byId('state').textContent = `The page cannot read /openapi.json: ${why}`;
}
