// Command lines of the scripts: one clear line and exit code 2 for wrong usage.
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

/** Wrong usage, as the user reads it. */
export class UsageError extends Error {}

/**
 * @param usage   what --help prints; its first word after "usage:" names the script
 * @param options as for node:util parseArgs
 * @returns the option values, and `positionals`
 */
export function readArguments(usage, options, { allowPositionals = false } = {}) {
  let parsed;
  try {
    const help = { help: { type: 'boolean', short: 'h' } };
    parsed = parseArgs({ options: { ...options, ...help }, allowPositionals });
  } catch (error) {
    throw new UsageError(error.message.split('. ')[0].replace(/\.?$/, '.'));
  }
  if (parsed.values.help) {
    console.log(usage.trim());
    process.exit(0);
  }
  return { ...parsed.values, positionals: parsed.positionals };
}

/** Runs a script's main function; errors become one line, UsageError also exit code 2. */
export async function runMain(name, main) {
  try {
    process.exitCode = (await main()) ?? process.exitCode ?? 0;
  } catch (error) {
    const isUsage = error instanceof UsageError;
    const hint = isUsage ? ` Try: ${name} --help` : '';
    const detail = isUsage || error.isPlain ? error.message : (error.stack ?? error);
    console.error(`${name}: ${detail}${hint}`);
    process.exitCode = isUsage ? 2 : 1;
  }
}

/** Was this module started from the command line (and not imported)? */
export function isMain(url) {
  return Boolean(process.argv[1]) && url === pathToFileURL(process.argv[1]).href;
}
