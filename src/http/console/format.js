// Times and sums, as people read them.

const two = (n) => String(n).padStart(2, '0');

export function timeOfDay(ms) {
  const date = new Date(ms);
  return `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
}

export const day = (ms) => new Date(ms).toISOString().slice(0, 10);

// 8 s, 1 min 35 s, 20 min
export function span(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const parts = [hours && `${hours} h`, minutes && `${minutes} min`, !hours && rest && `${rest} s`];
  return parts.filter(Boolean).join(' ');
}

// The same in a mark on a line: 19 min
export const brief = (ms) => span(ms < 120_000 ? ms : Math.round(ms / 60_000) * 60_000);

export const count = (n, one, many = `${one}s`) => `${n.toLocaleString('en')} ${n === 1 ? one : many}`;

export const usd = (n) => `$${Number(n).toFixed(2)}`;

// What the clock of a sandbox shows at this moment, as far as it runs by itself.
export function nowOf(sandbox) {
  const { clock, heardAt } = sandbox;
  const rate = { realtime: 1, scaled: clock.rate ?? 1 }[clock.mode] ?? 0;
  return Date.parse(sandbox.now) + (performance.now() - heardAt) * rate;
}

export function modeOf({ mode, rate, step }) {
  switch (mode) {
    case 'realtime':
      return 'real time';
    case 'scaled':
      return `×${rate}`;
    case 'per_poll':
      return `${step} a poll`;
    default:
      return mode;
  }
}
