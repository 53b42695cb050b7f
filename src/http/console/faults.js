// The fault rules, how often each has fired, and a form for more.

/** @import { Fault, Store } from './types' */

import { at, call } from './api.js';
import { find, h, inside, list, onSubmit, options, say } from './dom.js';
import { count } from './format.js';
import { trying } from './notice.js';
import { SPAN, WHAT, WHERE, sentenceOf, whereOf } from './rules.js';

/**
 * @param {Record<string, unknown>} choices
 * @returns {[string, string][]}
 */
const named = (choices) => Object.keys(choices).map((name) => [name, name]);

/** @param {Store} store */
export function showFaults(store) {
  const [where, what, span] = ['fault-where', 'fault-what', 'fault-span'].map((id) =>
    find(id, HTMLSelectElement),
  );
  options(where, WHERE);
  options(what, named(WHAT));
  options(span, named(SPAN));
  onSubmit(find('fault-form'), () =>
    trying(store, () => {
      const rule = { where: whereOf(where.value), ...WHAT[what.value], ...SPAN[span.value] };
      return call('POST', at(store.state.key, '/faults'), rule);
    }),
  );

  /** @param {string} id */
  const remove = (id) => () =>
    trying(store, () => call('DELETE', at(store.state.key, `/faults/${encodeURIComponent(id)}`)));
  /** @param {Fault} rule */
  const make = (rule) =>
    h(
      'li',
      {},
      h('span', { class: 'fired chip' }),
      h('span', { class: 'rule' }, sentenceOf(rule), h('span', { class: 'muted' }, ` ${rule.id}`)),
      h(
        'button',
        {
          type: 'button',
          class: 'quiet',
          'aria-label': `Remove ${rule.id}`,
          onclick: remove(rule.id),
        },
        'Remove',
      ),
    );
  store.watch(
    (state) => [state.faults],
    ({ faults }) => {
      list(
        find('fault-list'),
        faults,
        (rule) => `${rule.id} ${sentenceOf(rule)}`,
        make,
        (node, { fired }) => {
          const chip = inside(node, '.fired');
          say(chip, fired ? `fired ${count(fired, 'time')}` : 'waiting');
          chip.dataset.fired = String(fired > 0);
        },
      );
    },
  );
}
