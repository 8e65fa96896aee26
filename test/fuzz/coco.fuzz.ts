// Fuzzes the COCO engine for as long as wanted. usage: coco.fuzz CASES [FIRST SEED]
// Prints the seeds that fail and the slowest case; the exit code is 1 when a case failed or took over a second.
import { fuzzCase } from '../support/fuzzCoco';

const SLOW_MS = 1000;
const cases = Number(process.argv[2] ?? 100_000);
const first = Number(process.argv[3] ?? 1);
const counts = { sound: 0, refused: 0 };
const failed: number[] = [];
let slowest = { seed: 0, ms: 0 };

for (let seed = first; seed < first + cases; seed++) {
  const start = process.cpuUsage(); // wall time would blame a case for what other programs do
  try {
    fuzzCase(seed, counts);
  } catch (error) {
    failed.push(seed);
    console.log(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const { user, system } = process.cpuUsage(start);
  const ms = (user + system) / 1000;
  if (ms > slowest.ms) slowest = { seed, ms };
}
console.log(JSON.stringify({ cases, ...counts, failed: failed.length, slowest }));
process.exitCode = failed.length > 0 || slowest.ms > SLOW_MS ? 1 : 0;
