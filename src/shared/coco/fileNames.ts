// file_name of a dataset and paths on disk. A file_name comes from a file that anyone may have made, so one that is
// absolute, leaves the dataset's folder or names a device is refused here and never opened. Pure: paths are texts
// with slashes, nothing is looked up.

export type FileName =
  | { readonly ok: true; /** normal form, slashes, no dots */ readonly relative: string }
  | { readonly ok: false; readonly reason: string };

const LONGEST = 4096;
const deviceName = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])$/i;

/** The path below the dataset's folder that a file_name stands for, or why it is refused. */
export function readFileName(fileName: unknown): FileName {
  if (typeof fileName !== 'string' || fileName === '') return refused('is missing');
  if (fileName.length > LONGEST) return refused(`is longer than ${LONGEST} characters`);
  if (fileName.includes('\0')) return refused('holds a zero byte');
  if (/^[a-z][a-z0-9+.-]+:/i.test(fileName)) return refused('is an address, not a file');
  const slashed = fileName.replaceAll('\\', '/');
  if (slashed.startsWith('/') || /^[a-z]:/i.test(slashed)) return refused('is an absolute path');
  const parts: string[] = [];
  for (const part of slashed.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.pop() === undefined) return refused("leaves the dataset's folder");
    if (part === '..') continue;
    const stem = (part.split('.')[0] ?? '').trimEnd();
    if (deviceName.test(stem)) return refused(`names the device ${stem}`);
    parts.push(part);
  }
  return parts.length > 0 ? { ok: true, relative: parts.join('/') } : refused('names a folder');
}

function refused(reason: string): FileName {
  return { ok: false, reason };
}

/** The last part of a path with slashes or backslashes. */
export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

/** How well a file_name fits a wanted image: exact is sure, suffix and base need that nothing else fits better. */
export type MatchKind = 'exact' | 'suffix' | 'base' | 'none';

/**
 * Compares one file_name with the image that is looked for.
 *
 * @param relative the file_name in normal form
 * @param wanted the image's path relative to the dataset's folder and to its images folders, slashes
 */
export function matchFileName(relative: string, wanted: readonly string[]): MatchKind {
  if (wanted.includes(relative)) return 'exact';
  if (wanted.some((path) => endsWithPath(path, relative) && relative.includes('/')))
    return 'suffix';
  const base = baseName(relative);
  return wanted.some((path) => baseName(path) === base) ? 'base' : 'none';
}

function endsWithPath(path: string, end: string): boolean {
  return path.endsWith(`/${end}`);
}
