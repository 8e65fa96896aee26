// Paired measurements: baseline and candidate in turns, in one process, because machines are noisy. What is
// printed are ratios; milliseconds mean nothing on another machine.

const MIN_REPETITIONS = 10;
/** A row stops here even when it is slow: time for one row, after the minimum of repetitions. */
const ROW_MS = 2000;
/** Quick functions are repeated until one measurement takes at least this long. */
const MIN_SAMPLE_MS = 2;

let sink = 0;

async function timeOf(work, times) {
  const start = performance.now();
  for (let i = 0; i < times; i++) {
    const answer = work();
    sink += typeof answer === 'number' ? answer : await answer;
  }
  return (performance.now() - start) / times;
}

/** How often to call a function for one measurement; warms it up. */
async function timesFor(work) {
  let times = 1;
  while ((await timeOf(work, times)) * times < MIN_SAMPLE_MS && times < 1e5) times *= 2;
  return times;
}

function summarize(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { min: sorted[0], mean, deviation: Math.sqrt(variance) };
}

/**
 * Measures one pair.
 *
 * @param row { name, baseline, candidate }; both answer a number (or a promise of one) that depends on the work
 * @returns ratios baseline / candidate: of the minima, and mean and deviation over the pairs
 */
export async function measureRow({ name, baseline, candidate }) {
  const [a, b] = [await baseline(), await candidate()];
  if (Math.abs(a - b) > 1e-6 * Math.max(1, Math.abs(a))) {
    throw new Error(`${name}: baseline answers ${a}, candidate ${b}`);
  }
  const times = [await timesFor(baseline), await timesFor(candidate)];
  const pairs = [];
  const start = performance.now();
  while (
    pairs.length < MIN_REPETITIONS ||
    (performance.now() - start < ROW_MS && pairs.length < 100)
  ) {
    globalThis.gc?.();
    const before = await timeOf(baseline, times[0]);
    pairs.push([before, await timeOf(candidate, times[1])]);
  }
  const least = (index) => Math.min(...pairs.map((pair) => pair[index]));
  const ratios = summarize(pairs.map(([before, after]) => before / after));
  return { name, best: least(0) / least(1), ...ratios, repetitions: pairs.length };
}

/** Keeps the answers alive, so that no work is optimised away. */
export const lastAnswer = () => sink;
