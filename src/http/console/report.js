// How the client has done so far.

/** @import { Finding, JournalEntry, Report, Store } from './types' */

import { find, h, inside, list, say } from './dom.js';
import { count, pathOf, usd } from './format.js';
import { outcome } from './requests.js';

/** @type {Record<Report['grade'], string>} */
const kinds = { pass: 'good', remarks: 'refused', fail: 'bad' };

/** @param {Report['audit']} audit */
function audit({ rentals, sold, cancelled, expired, live, charged, refunded }) {
  return {
    rentals,
    live,
    sold,
    cancelled,
    expired,
    charged: usd(charged),
    refunded: usd(refunded),
  };
}

/** @param {JournalEntry} entry */
const evidence = (entry) => `#${entry.seq} ${entry.method} ${pathOf(entry)}: ${outcome(entry)[0]}`;

/** @param {Finding} finding */
const finding = ({ id, severity, rental_id, advice, evidence: entries }) =>
  h(
    'li',
    { class: severity },
    h(
      'p',
      {},
      h('span', { class: 'chip severity' }, severity),
      ' ',
      h('strong', {}, id),
      rental_id ? h('span', { class: 'muted' }, ` ${rental_id}`) : null,
    ),
    h('p', {}, advice),
    h(
      'details',
      {},
      h('summary', {}, count(entries.length, 'request that shows it', 'requests that show it')),
      h('ul', {}, ...entries.map((entry) => h('li', {}, evidence(entry)))),
    ),
  );

/** @param {Store} store */
export function showReport(store) {
  store.watch(
    (state) => [state.report, state.key],
    ({ report, key }) => {
      const text =
        report?.summary ??
        (key === null ? 'Choose a sandbox to judge its client' : 'No requests to judge');
      say(find('story-told'), report?.story.missing ? `Story: ${report.story.missing}` : '');
      const kind = report?.coverage.length ? kinds[report.grade] : 'none';
      for (const node of [find('grade'), find('verdict')]) {
        say(node, text);
        node.dataset.grade = kind;
      }
      const sums = report ? Object.entries(audit(report.audit)) : [];
      list(
        find('audit'),
        sums,
        ([name]) => name,
        ([name]) => h('div', {}, h('dt', {}, name), h('dd', {})),
        (node, [, value]) => say(inside(node, 'dd'), String(value)),
      );
      const findings = report ? report.findings.slice(0, 20) : [];
      list(
        find('findings'),
        findings,
        (found) => `${found.id} ${found.rental_id} ${found.advice} ${found.evidence.length}`,
        finding,
      );
      const met = report ? report.coverage : [];
      list(
        find('coverage'),
        met,
        (one) => `${one.endpoint} ${one.outcome}`,
        (one) => h('li', { class: `chip ${one.outcome === 'success' ? 'good' : 'refused'}` }),
        (node, one) =>
          say(
            node,
            `${one.endpoint} ${one.outcome === 'success' ? '✓' : one.outcome} ×${one.count}`,
          ),
      );
    },
  );
}
