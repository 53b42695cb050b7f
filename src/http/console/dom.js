// Makes elements. Text from outside becomes a text node or an attribute's value, never markup.

const SVG = 'http://www.w3.org/2000/svg';

/**
 * The element with this id. Throws where the page has none, or one of another kind.
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} id
 * @param {abstract new () => T} [kind]
 * @returns {T}
 */
export function find(id, kind = /** @type {any} */ (HTMLElement)) {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new Error(`no ${kind.name} #${id} on the page`);
}

/**
 * The first element inside `node` that matches. Throws where there is none.
 * @template {Element} [T=HTMLElement]
 * @param {Element} node
 * @param {string} selector
 * @param {abstract new () => T} [kind]
 * @returns {T}
 */
export function inside(node, selector, kind = /** @type {any} */ (HTMLElement)) {
  const found = node.querySelector(selector);
  if (found instanceof kind) return found;
  throw new Error(`no ${kind.name} ${selector}`);
}

/** @typedef {Element | string | null | undefined} Child */

/**
 * `onclick` and the like are listeners; an attribute without a value is left out.
 * @template {Element} T
 * @param {T} node
 * @param {Record<string, any>} attributes
 * @param {Child[]} children
 */
function made(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else if (name === 'value') /** @type {any} */ (node).value = value;
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/**
 * An element of HTML.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, any>} [attributes]
 * @param {Child[]} children
 */
export const h = (tag, attributes = {}, ...children) =>
  made(document.createElement(tag), attributes, children);

/**
 * An element of SVG.
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, any>} [attributes]
 * @param {Child[]} children
 */
export const svg = (tag, attributes = {}, ...children) =>
  made(document.createElementNS(SVG, tag), attributes, children);

/**
 * Sets a text, but only where it differs, so that what a reader has selected stays selected.
 * @param {Node} node
 * @param {string} text
 */
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * Makes the children of `parent` match `items`. A child stays the same element for as long as its
 * key is among the items, so that it keeps the focus.
 * @template Item
 * @param {HTMLElement} parent
 * @param {Item[]} items
 * @param {(item: Item) => string} keyOf
 * @param {(item: Item) => HTMLElement} make
 * @param {(child: HTMLElement, item: Item) => void} [update]
 */
export function list(parent, items, keyOf, make, update = () => {}) {
  const children = /** @type {HTMLElement[]} */ ([...parent.children]);
  const old = new Map(children.map((child) => [child.dataset.key, child]));
  let place = parent.firstElementChild;
  for (const item of items) {
    const key = keyOf(item);
    let child = old.get(key);
    if (child) {
      old.delete(key);
    } else {
      child = make(item);
      child.dataset.key = key;
    }
    if (child === place) place = place.nextElementSibling;
    else parent.insertBefore(child, place);
    update(child, item);
  }
  for (const child of old.values()) child.remove();
}

/**
 * Sets the options of a select. The chosen one stays chosen if it is still among them.
 * @param {HTMLSelectElement} select
 * @param {[value: string, text: string][]} items
 */
export function options(select, items, chosen = select.value) {
  const wanted = JSON.stringify(items);
  if (select.dataset.items !== wanted) {
    select.replaceChildren(...items.map(([value, text]) => h('option', { value }, text)));
    select.dataset.items = wanted;
  }
  if (items.some(([value]) => value === chosen)) select.value = chosen;
}

/**
 * Runs `act` when the form is submitted, but not again while it is still running.
 * @param {HTMLElement} form
 * @param {() => Promise<unknown>} act
 */
export function onSubmit(form, act) {
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (form.getAttribute('aria-busy') === 'true') return;
    form.setAttribute('aria-busy', 'true');
    try {
      await act();
    } finally {
      form.removeAttribute('aria-busy');
    }
  });
}
