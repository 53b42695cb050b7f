// The event stream. The page reads it by fetch, because an EventSource cannot send the token, and
// connects again for as long as anybody listens.

/** @import { Link, StreamEvent } from './types' */

import { request, sentenceOf } from './api.js';

// The server sends at least a comment every ten seconds.
const SILENCE = 25_000;
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 5_000;

/**
 * Splits received text into events, and the rest that is not complete yet.
 * @param {string} text
 */
export function cut(text) {
  const blocks = text.split('\n\n');
  const rest = blocks.pop() ?? '';
  /** @type {StreamEvent[]} */
  const events = [];
  for (const block of blocks) {
    const lines = block.split('\n');
    /** @param {string} name */
    const value = (name) => lines.find((line) => line.startsWith(name))?.slice(name.length);
    const data = value('data: ');
    if (data) events.push({ name: value('event: '), data: JSON.parse(data) });
  }
  return { events, rest };
}

/**
 * @param {Response} reply
 * @param {(events: StreamEvent[]) => void} hear
 */
async function read({ body }, hear) {
  if (!body) return;
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const whole = cut(rest + decoder.decode(value, { stream: true }));
    rest = whole.rest;
    hear(whole.events);
  }
}

/**
 * Listens until `signal` is aborted, and says how the connection is.
 * @param {string} path
 * @param {AbortSignal} signal
 * @param {(events: StreamEvent[]) => void} hear
 * @param {(link: Link, why?: string) => void} say
 */
export async function listen(path, signal, hear, say) {
  let pause = FIRST_PAUSE;
  while (!signal.aborted) {
    const silence = new AbortController();
    let watchdog = setTimeout(() => silence.abort(), SILENCE);
    const stop = AbortSignal.any([signal, silence.signal]);
    try {
      const reply = await request('GET', path, undefined, { signal: stop });
      if (!reply.ok) {
        say('refused', sentenceOf(await reply.json(), reply.status));
        if (reply.status < 500) return;
      } else {
        say('live');
        pause = FIRST_PAUSE;
        await read(reply, (events) => {
          clearTimeout(watchdog);
          watchdog = setTimeout(() => silence.abort(), SILENCE);
          if (!signal.aborted) hear(events);
        });
      }
    } catch {
      // Whatever broke the connection, the page connects again.
    }
    clearTimeout(watchdog);
    if (signal.aborted) return;
    say('lost');
    await new Promise((wake) => setTimeout(wake, pause));
    pause = Math.min(LONGEST_PAUSE, pause * 2);
  }
}
