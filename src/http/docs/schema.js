// Reads the OpenAPI document.

/**
 * @typedef {object} Schema
 * @property {string} [$ref]
 * @property {string} [description]
 * @property {unknown} [const]
 * @property {unknown[]} [enum]
 * @property {Schema[]} [oneOf]
 * @property {Schema[]} [anyOf]
 * @property {string | string[]} [type]
 * @property {Schema} [items]
 * @property {Record<string, Schema>} [properties]
 * @property {string[]} [required]
 *
 * @typedef {{ schema?: Schema, examples?: Record<string, { value: any }> }} Content
 * @typedef {Record<string, Content>} Contents by media type
 *
 * @typedef {object} Parameter
 * @property {string} name
 * @property {'path' | 'query' | 'header'} in
 * @property {boolean} [required]
 * @property {string} [description]
 * @property {Schema} [schema]
 * @property {string} [example]
 *
 * @typedef {object} Reply
 * @property {string} [description]
 * @property {Record<string, { description?: string }>} [headers]
 * @property {Contents} [content]
 *
 * @typedef {object} Operation
 * @property {string} operationId
 * @property {string} summary
 * @property {string} [description]
 * @property {string[]} tags
 * @property {Parameter[]} [parameters]
 * @property {{ content: Contents }} [requestBody]
 * @property {Record<string, Reply>} responses
 * @property {unknown} [security]
 *
 * @typedef {object} Document
 * @property {{ title: string, version: string, description: string }} info
 * @property {{ name: string, description: string }[]} tags
 * @property {Record<string, Record<string, Operation>>} paths
 */

/**
 * The value itself in place of a reference to it; what stands beside the reference overrides it.
 * @template T
 * @param {T} value
 * @param {any} document
 * @returns {T}
 */
export function resolved(value, document) {
  const { $ref, ...beside } = /** @type {any} */ (value ?? {});
  if (!$ref) return value;
  const path = $ref.slice(2).split('/');
  const found = path.reduce(
    (/** @type {any} */ at, /** @type {string} */ name) => at[name],
    document,
  );
  return { ...resolved(found, document), ...beside };
}

/**
 * A schema in one line, with the names of the schemas that it refers to.
 * @param {Schema} schema
 * @returns {string}
 */
export function nameOf(schema) {
  if (schema.$ref) return schema.$ref.split('/').pop() ?? '';
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) {
    const values = schema.enum.slice(0, 30).map((value) => JSON.stringify(value));
    return values.join(' | ');
  }
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices && !schema.properties) return choices.map(nameOf).join(' | ');
  if (schema.type === 'array') return `${nameOf(schema.items ?? {})}[]`;
  if (schema.properties) return `{ ${Object.keys(schema.properties).join(', ')} }`;
  return [schema.type ?? 'anything'].flat().join(' | ');
}

// The order in which a client needs the four endpoints of the partner API.
const LIFE = ['getNumbers', 'rentNumber', 'getSMS', 'cancelNumber'];

/**
 * The operations of a tag: the partner API's in the order of a rental's life, others as they come.
 * @param {Document} document
 * @param {string} tag
 */
export function operationsOf({ paths }, tag) {
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      operation,
    })),
  );
  /** @param {{ operation: Operation }} one */
  const rank = ({ operation: { operationId } }) =>
    LIFE.includes(operationId) ? LIFE.indexOf(operationId) : LIFE.length;
  const tagged = all.filter(({ operation }) => operation.tags.includes(tag));
  return tagged.toSorted((a, b) => rank(a) - rank(b));
}

/**
 * JSON text with one value a line, each value as it was sent: a price of 0.00 stays one.
 * @param {string} text
 */
export function indented(text) {
  let depth = 0;
  const line = () => `\n${'  '.repeat(depth)}`;
  return text.replace(/"(?:[^"\\]|\\.)*"|[{}[\],:]/g, (part, at) => {
    if (part === '{' || part === '[') {
      depth += 1;
      return '}]'.includes(text[at + 1]) ? part : part + line();
    }
    if (part === '}' || part === ']') {
      depth -= 1;
      return '{['.includes(text[at - 1]) ? part : line() + part;
    }
    if (part === ',') return part + line();
    return part === ':' ? ': ' : part;
  });
}
