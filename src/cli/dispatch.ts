// Finds the command, runs it, and turns what it throws into one line on stderr and an exit code.
import { DomainError } from '../shared/protocol/wire';
import { UsageError, type CliIo, type Command } from './command';

const PROGRAM = 'promptmark';

/**
 * @param args the words after the program's name
 * @param version of package.json
 * @returns exit code: 0 done, 1 problems in the data or in doing it, 2 wrong usage
 */
export async function dispatch(
  args: readonly string[],
  commands: readonly Command[],
  version: string,
  io: CliIo,
): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    io.out(overview(commands));
    return name === undefined ? 2 : 0;
  }
  if (name === '--version' || name === '-v') {
    io.out(`${version}\n`);
    return 0;
  }
  const command = commands.find((candidate) => candidate.name === name);
  if (!command) {
    io.err(`${PROGRAM}: there is no command "${name}"; "${PROGRAM} --help" lists them\n`);
    return 2;
  }
  const optionsEnd = rest.indexOf('--');
  const options = optionsEnd < 0 ? rest : rest.slice(0, optionsEnd);
  if (options.includes('--help') || options.includes('-h')) {
    io.out(`${command.summary}\n\nusage: ${PROGRAM} ${command.usage}\n`);
    return 0;
  }
  try {
    return await command.run(rest, io);
  } catch (error) {
    return explain(error, command, io);
  }
}

function explain(error: unknown, command: Command, io: CliIo): number {
  const line = (text: string): void =>
    io.err(`${PROGRAM} ${command.name}: ${text.replace(/\s*\n\s*/g, ' ')}\n`);
  if (error instanceof UsageError) {
    line(`${error.message} (usage: ${PROGRAM} ${command.usage})`);
    return 2;
  }
  if (error instanceof DomainError) line(error.message);
  else line(error instanceof Error ? error.message : String(error));
  if (!(error instanceof DomainError) && process.env['PROMPTMARK_DEBUG'])
    io.err(`${(error as Error).stack}\n`);
  return 1;
}

function overview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return [
    'Annotates images with promptable segmentation, and keeps COCO files clean.',
    '',
    `usage: ${PROGRAM} COMMAND [ARGUMENTS]   (${PROGRAM} COMMAND --help shows a command's arguments)`,
    '',
    ...lines,
    '',
    'Exit codes: 0 done, 1 problems in the data, 2 wrong usage.',
    '',
  ].join('\n');
}
