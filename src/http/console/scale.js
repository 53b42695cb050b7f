// Where a moment lies on the line of a rental, in percent. The first seconds, in which most events
// happen, take more room than the twenty minutes in which none does.

const WIDE = 4_000;
const TICKS = [5, 15, 30, 60, 120, 300, 600, 1_200, 3_600, 7_200, 86_400];
// The ticks of a narrow screen.
const MAIN = [15, 60, 300, 1_200, 86_400];

/**
 * @param {number} ms since the line's start
 * @param {number} whole how many milliseconds the line shows
 */
export const place = (ms, whole) =>
  (Math.log1p(Math.max(0, ms) / WIDE) / Math.log1p(whole / WIDE)) * 100;

/** @param {number} seconds */
const label = (seconds) => {
  if (seconds < 60) return `${seconds} s`;
  return seconds < 3_600 ? `${seconds / 60} min` : `${seconds / 3_600} h`;
};

/** @param {number} whole */
export function ticks(whole) {
  const shown = TICKS.filter((seconds) => seconds * 1_000 <= whole);
  return [
    { at: 0, text: 'rented', isMain: true },
    ...shown.map((seconds) => ({
      at: place(seconds * 1_000, whole),
      text: label(seconds),
      isMain: MAIN.includes(seconds),
    })),
  ];
}
