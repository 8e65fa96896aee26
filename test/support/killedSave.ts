// One kill in the middle of saves: a child process saves one annotation after another until it is killed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs/promises';
import { randomInteger } from './random';

const FILLER = 3000;

/**
 * @param script bundle of saveForever.ts @param file is written anew
 * @returns saves the child told of, and saves that the file holds after the kill
 * @throws SyntaxError when the file is not whole
 */
export async function killedSave(
  script: string,
  file: string,
  random: () => number,
): Promise<{ told: number; saved: number }> {
  const filler = Array.from({ length: FILLER }, () => '{"id": 1, "image_id": 1}').join(',\n');
  const images = '{"id": 1, "file_name": "a"}';
  await fs.writeFile(file, `{"images": [${images}],\n"annotations": [\n${filler}\n]}`);
  const told = await killAfter(script, file, randomInteger(random, 1, 12), random() * 3);
  const dataset = JSON.parse(await fs.readFile(file, 'utf8')) as { annotations: object[] };
  return { told, saved: dataset.annotations.length - FILLER };
}

/** Kills the child `delayMs` after it has told of that many saves; how many it told of in all. */
async function killAfter(
  script: string,
  file: string,
  saves: number,
  delayMs: number,
): Promise<number> {
  const child = spawn(process.execPath, [script, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  let told = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    told += text.split('\n').length - 1;
    // a busy wait: a timer would only fire between two steps of this process, not of the child's
    if (told < saves || child.killed) return;
    const end = performance.now() + delayMs;
    while (performance.now() < end);
    child.kill('SIGKILL');
  });
  await once(child, 'close');
  return told;
}
