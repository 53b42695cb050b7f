// The event stream, read by fetch: an EventSource cannot send the token. It is opened anew for as
// long as somebody listens.

import { request, told } from './api.js';

// The server says something every ten seconds, if only that it is there.
const SILENCE = 25_000;
const SLOWEST = 5_000;

// Cuts what came into events; gives them, and the rest that is not whole yet.
export function cut(text) {
  const blocks = text.split('\n\n');
  const rest = blocks.pop();
  const events = [];
  for (const block of blocks) {
    const lines = block.split('\n');
    const value = (name) => lines.find((line) => line.startsWith(name))?.slice(name.length);
    const data = value('data: ');
    if (data) events.push({ name: value('event: '), data: JSON.parse(data) });
  }
  return { events, rest };
}

async function read(body, heard) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const whole = cut(rest + value);
    rest = whole.rest;
    heard(whole.events);
  }
}

// Listens until `signal` says so. `say` is told `live` and `lost`.
export async function listen(path, signal, hear, say) {
  let pause = 250;
  while (!signal.aborted) {
    const silence = new AbortController();
    let watch = setTimeout(() => silence.abort(), SILENCE);
    const stop = AbortSignal.any([signal, silence.signal]);
    try {
      const reply = await request('GET', path, undefined, { signal: stop });
      if (!reply.ok) {
        say('refused', told(await reply.json(), reply.status));
        if (reply.status < 500) return;
      } else {
        say('live');
        pause = 250;
        await read(reply.body, (events) => {
          clearTimeout(watch);
          watch = setTimeout(() => silence.abort(), SILENCE);
          if (!signal.aborted) hear(events);
        });
      }
    } catch {
      // However it broke, the answer is the same: once more.
    }
    clearTimeout(watch);
    if (signal.aborted) return;
    say('lost');
    await new Promise((wake) => setTimeout(wake, pause));
    pause = Math.min(SLOWEST, pause * 2);
  }
}
