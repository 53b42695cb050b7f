// The countries on offer, each with fields for its stock and its price.

/** @import { Country, Store } from './types' */

import { at, call } from './api.js';
import { find, h, inside, list, say } from './dom.js';
import { trying } from './notice.js';

/** @param {Store} store */
function make(store) {
  /**
   * @param {string} country
   * @param {'available' | 'price_per_sms'} field
   * @returns {(event: Event & { target: HTMLInputElement }) => void}
   */
  const change =
    (country, field) =>
    ({ target }) => {
      if (target.value === '' || !target.checkValidity()) return;
      const path = at(store.state.key, `/countries/${country}`);
      trying(store, () => call('PATCH', path, { [field]: Number(target.value) }));
    };
  /** @param {Country} country */
  return ({ country, country_name }) =>
    h(
      'li',
      {},
      h('abbr', { title: country_name }, country),
      h('span', { class: 'name' }, country_name, h('span', { class: 'listed muted' })),
      h('input', {
        type: 'number',
        class: 'stock',
        min: '0',
        max: '4294967295',
        'aria-label': `Stock of ${country_name}`,
        onchange: change(country, 'available'),
      }),
      h('input', {
        type: 'number',
        class: 'price',
        min: '0',
        step: '0.0001',
        'aria-label': `Price of ${country_name} in USD`,
        onchange: change(country, 'price_per_sms'),
      }),
    );
}

/**
 * Shows a value, unless the user is typing another one.
 * @param {HTMLInputElement} input
 * @param {string} value
 */
function fill(input, value) {
  if (document.activeElement !== input && input.value !== value) input.value = value;
}

/** @param {Store} store */
export function showCountries(store) {
  store.watch(
    (state) => [state.countries],
    ({ countries }) => {
      list(
        find('country-list'),
        countries,
        ({ country }) => country,
        make(store),
        (node, { available, listed, price_per_sms }) => {
          const [cents, exact] = [price_per_sms.toFixed(2), String(price_per_sms)];
          fill(inside(node, '.stock', HTMLInputElement), String(available));
          fill(
            inside(node, '.price', HTMLInputElement),
            cents.length < exact.length ? exact : cents,
          );
          node.classList.toggle('gone', available === 0);
          say(inside(node, '.listed'), listed === available ? '' : `listed with ${listed}`);
        },
      );
    },
  );
}
