// What the tests begin with: the JSON of the control API, as small as its types allow.

/** @import { Mark, Rental, Request, Sandbox } from '../../src/http/console/types' */

export const START = Date.parse('2026-01-01T00:00:00Z');

/** @param {number} seconds since the start */
export const time = (seconds) => new Date(START + seconds * 1_000).toISOString();

/**
 * @param {Partial<Sandbox>} [changes]
 * @returns {Sandbox}
 */
export const sandbox = (changes) => ({
  api_key: 'ci-1',
  scenario: 'happy-path',
  seed: 1,
  now: time(0),
  clock: { mode: 'frozen' },
  active_rentals: 0,
  requests: 0,
  heardAt: 0,
  ...changes,
});

/**
 * @param {Partial<Rental>} [changes]
 * @returns {Rental}
 */
export const rental = (changes) => ({
  api_key: 'ci-1',
  rental_id: 'rent_1',
  state: 'live',
  number: '+491511234567',
  country: 'DE',
  service: null,
  price: 0.5,
  refund: 0,
  rented_at: time(0),
  expires_at: time(1_200),
  ended_at: null,
  messages: [],
  scheduled: [{ at: time(1_200), event: 'expiry' }],
  timeline: [],
  ...changes,
});

/**
 * An SMS that arrived so many seconds after the start.
 * @param {number} seconds
 * @returns {Rental['messages'][number]}
 */
export const sms = (seconds) => ({
  received_at: time(seconds),
  sender: 'Telegram',
  text: 'Your code is 424242',
  expected_code: '424242',
});

/**
 * @param {number} seq
 * @param {Partial<Request>} [changes]
 * @returns {Omit<Request, 'heard'>}
 */
export const request = (seq, changes) => ({
  api_key: 'ci-1',
  seq,
  at: time(seq),
  real_at: time(seq),
  endpoint: 'getSMS',
  method: 'GET',
  status: 200,
  code: null,
  country: null,
  service: null,
  rental_id: 'rent_1',
  fault: null,
  lints: [],
  ...changes,
});

/**
 * A call that the client made so many seconds after the start.
 * @param {Mark['endpoint']} endpoint
 * @param {number} seconds
 * @param {Partial<Mark>} [changes]
 * @returns {Mark}
 */
export const mark = (endpoint, seconds, changes) => ({
  endpoint,
  at: START + seconds * 1_000,
  status: 200,
  code: null,
  fault: null,
  ...changes,
});
