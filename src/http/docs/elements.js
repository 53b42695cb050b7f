// Makes the elements of the docs page. Text from outside becomes a text node, never markup.

/**
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} id
 * @param {abstract new () => T} [kind]
 * @returns {T}
 */
export function byId(id, kind = /** @type {any} */ (HTMLElement)) {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new Error(`no ${kind.name} #${id} on the page`);
}

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string | null} [text]
 * @param {(Node | string)[]} children
 */
export function make(tag, text, ...children) {
  const element = document.createElement(tag);
  if (text) element.textContent = text;
  element.append(...children);
  return element;
}

/**
 * Text in which backticks mark code.
 * @param {string} [text]
 */
export const prose = (text = '') =>
  text.split('`').map((part, i) => (i % 2 ? make('code', part) : part));

/** @param {string} [text] */
export const paragraphs = (text = '') =>
  text
    .split('\n\n')
    .filter(Boolean)
    .map((part) => make('p', null, ...prose(part)));

/**
 * @param {(Node | string)[]} title
 * @param {Node[]} children
 */
export const fold = (title, ...children) =>
  make('details', null, make('summary', null, ...title), make('div', null, ...children));

/** @param {unknown} value */
export const pretty = (value) =>
  typeof value === 'string' ? value : JSON.stringify(value, null, 2);
