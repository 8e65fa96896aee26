import type { CliIo } from '../../src/cli/command';

/** Collects what a command writes. */
export function recordingIo(cwd: string, signal: AbortSignal = new AbortController().signal) {
  const written = { out: '', err: '' };
  const io: CliIo = {
    out: (text) => void (written.out += text),
    err: (text) => void (written.err += text),
    cwd,
    signal,
  };
  return { io, written };
}
