// Makes elements. What comes from outside becomes text or the value of an attribute, never markup.

const SVG = 'http://www.w3.org/2000/svg';

export const find = (id) => document.getElementById(id);

function made(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else if (name === 'value') node.value = value;
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

export const h = (tag, attributes = {}, ...children) =>
  made(document.createElement(tag), attributes, children);

export const svg = (tag, attributes = {}, ...children) =>
  made(document.createElementNS(SVG, tag), attributes, children);

// Text, and nothing where it stands there already: so a reader's selection stays.
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

// Brings the children of a list in line with its items. A child is kept for its item's key, so that
// the focus stays where it is.
export function list(parent, items, keyOf, make, update = () => {}) {
  const old = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  let place = parent.firstElementChild;
  for (const item of items) {
    const key = String(keyOf(item));
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

// The options of a select; what was chosen stays chosen where it is still there.
export function options(select, items, chosen = select.value) {
  const wanted = JSON.stringify(items);
  if (select.dataset.items !== wanted) {
    select.replaceChildren(...items.map(([value, text]) => h('option', { value }, text)));
    select.dataset.items = wanted;
  }
  if (items.some(([value]) => value === chosen)) select.value = chosen;
}

// What a form does; while it is at it, it is not sent once more.
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
