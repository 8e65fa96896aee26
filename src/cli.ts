// The `promptmark` program.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { commands } from './cli/commands';
import { dispatch } from './cli/dispatch';
import { ownInstallation } from './cli/installation';

const interruption = new AbortController();
process.on('SIGINT', () => interruption.abort());
process.on('SIGTERM', () => interruption.abort());
// A closed pipe (promptmark … | head) ends the program quietly.
process.stdout.on('error', () => process.exit(1));

const manifest = path.join(ownInstallation().root, 'package.json');
const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };

void dispatch(process.argv.slice(2), commands, version, {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  cwd: process.cwd(),
  signal: interruption.signal,
  input: process.stdin,
  interrupt: () => interruption.abort(),
}).then((exitCode) => {
  process.exitCode = exitCode;
});
