// The countries on offer; their stock and price can be set.

import { at, call } from './api.js';
import { find, h, list, say } from './dom.js';
import { trying } from './notice.js';

function make(store) {
  const change = (country, field) => (event) => {
    const input = event.target;
    if (input.value === '' || !input.checkValidity()) return;
    trying(store, () => call('PATCH', at(store.state.key, `/countries/${country}`), { [field]: Number(input.value) }));
  };
  return ({ country, country_name }) =>
    h(
      'li',
      {},
      h('abbr', { title: country_name }, country),
      h('span', { class: 'name' }, country_name, h('span', { class: 'listed muted' })),
      h('input', { type: 'number', class: 'stock', min: '0', max: '4294967295', 'aria-label': `Stock of ${country_name}`, onchange: change(country, 'available') }),
      h('input', { type: 'number', class: 'price', min: '0', step: '0.0001', 'aria-label': `Price of ${country_name} in USD`, onchange: change(country, 'price_per_sms') }),
    );
}

// What somebody is writing is left alone.
function fill(input, value) {
  if (document.activeElement !== input && input.value !== value) input.value = value;
}

export function showCountries(store) {
  store.watch(
    (state) => [state.countries],
    ({ countries }) => {
      list(find('country-list'), countries, ({ country }) => country, make(store), (node, { available, listed, price_per_sms }) => {
        fill(node.querySelector('.stock'), String(available));
        fill(node.querySelector('.price'), price_per_sms.toFixed(2).length < String(price_per_sms).length ? String(price_per_sms) : price_per_sms.toFixed(2));
        node.classList.toggle('gone', available === 0);
        say(node.querySelector('.listed'), listed === available ? '' : `listed with ${listed}`);
      });
    },
  );
}
