// Runs a command of the promptmark program inside the test's own process.
import { dispatch } from '../../src/cli/dispatch';
import type { Command } from '../../src/cli/command';

export interface CliResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** @param args the command's name and its words @param cwd folder that relative paths start from */
export async function runCli(
  commands: readonly Command[],
  args: readonly string[],
  cwd: string,
): Promise<CliResult> {
  let [out, err] = ['', ''];
  const code = await dispatch(args, commands, '0.0.0', {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    cwd,
    signal: new AbortController().signal,
  });
  return { code, out, err };
}
