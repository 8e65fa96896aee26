// Words of the command line that the shell left unexpanded (quoted, or on Windows): `*`, `?`, `[…]` and `**`.
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { UsageError } from './command';

const MAGIC = /[*?[]/;

/**
 * Absolute paths a word stands for: the word itself where such a file exists or it has no wildcard, else what matches,
 * sorted.
 *
 * @throws UsageError when a pattern matches nothing
 */
export async function expandGlob(word: string, cwd: string): Promise<string[]> {
  const whole = path.resolve(cwd, word);
  if (!MAGIC.test(word) || (await exists(whole))) return [whole];
  const parts = word.replaceAll('\\', '/').split('/');
  const first = parts.findIndex((part) => MAGIC.test(part));
  const fixed = parts.slice(0, first).join('/');
  const start = path.resolve(cwd, first > 0 && fixed === '' ? '/' : fixed);
  const found = await match(start, parts.slice(first));
  if (found.length === 0) throw new UsageError(`nothing matches "${word}"`);
  return [...new Set(found)].sort((a, b) => (a < b ? -1 : 1));
}

async function match(folder: string, parts: readonly string[]): Promise<string[]> {
  const [part, ...rest] = parts;
  if (part === undefined) return [folder];
  const entries = await fs.readdir(folder, { withFileTypes: true }).catch(() => []);
  const visible = entries.filter((e) => !e.name.startsWith('.') || part.startsWith('.'));
  const folders = visible.filter((e) => e.isDirectory());
  const found: string[] = [];
  if (part === '**') {
    found.push(...(rest.length > 0 ? await match(folder, rest) : []));
    for (const { name } of folders) found.push(...(await match(path.join(folder, name), parts)));
    if (rest.length === 0) {
      for (const e of visible) if (e.isFile()) found.push(path.join(folder, e.name));
    }
    return found;
  }
  const pattern = toRegExp(part);
  for (const entry of rest.length > 0 ? folders : visible) {
    if (pattern.test(entry.name)) found.push(...(await match(path.join(folder, entry.name), rest)));
  }
  return found;
}

function toRegExp(part: string): RegExp {
  const source = part.replace(/\[!?[^\]]+\]|[\s\S]/gu, (token) => {
    if (token === '*') return '.*';
    if (token === '?') return '.';
    if (token.length > 1 && token.startsWith('['))
      return token.replace('[!', '[^').replaceAll('\\', '\\\\');
    return token.replace(/[\\^$.|+(){}[\]/]/u, '\\$&');
  });
  return new RegExp(`^${source}$`, 'u');
}

const exists = (file: string): Promise<boolean> =>
  fs.stat(file).then(
    () => true,
    () => false, // no such file: the word is a pattern
  );
