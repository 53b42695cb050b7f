// The fault rules, how often each has fired, and a switch for more.

import { at, call } from './api.js';
import { find, h, list, onSubmit, options, say } from './dom.js';
import { count } from './format.js';
import { trying } from './notice.js';
import { SPAN, WHAT, WHERE, told, whereOf } from './rules.js';

export function showFaults(store) {
  const [where, what, span] = [find('fault-where'), find('fault-what'), find('fault-span')];
  const named = (choices) => Object.keys(choices).map((name) => [name, name]);
  options(where, WHERE);
  options(what, named(WHAT));
  options(span, named(SPAN));
  onSubmit(find('fault-form'), () =>
    trying(store, () => {
      const rule = { where: whereOf(where.value), ...WHAT[what.value], ...SPAN[span.value] };
      return call('POST', at(store.state.key, '/faults'), rule);
    }),
  );

  const remove = (id) => () => trying(store, () => call('DELETE', at(store.state.key, `/faults/${encodeURIComponent(id)}`)));
  const make = (rule) =>
    h(
      'li',
      {},
      h('span', { class: 'fired chip' }),
      h('span', { class: 'rule' }, told(rule), h('span', { class: 'muted' }, ` ${rule.id}`)),
      h('button', { type: 'button', class: 'quiet', 'aria-label': `Remove ${rule.id}`, onclick: remove(rule.id) }, 'Remove'),
    );
  store.watch(
    (state) => [state.faults],
    ({ faults }) => {
      list(find('fault-list'), faults, (rule) => `${rule.id} ${told(rule)}`, make, (node, { fired }) => {
        const chip = node.querySelector('.fired');
        say(chip, fired ? `fired ${count(fired, 'time')}` : 'waiting');
        chip.dataset.fired = String(fired > 0);
      });
    },
  );
}
