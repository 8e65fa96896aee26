// Fetches packages as archives, without installing them. Node built-ins only.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { npm } from './steps.mjs';

/**
 * @param packages  { name, version, integrity: 'sha512-…' }
 * @param folder    existing folder for the archives
 * @returns the archives' paths, in the order asked for
 * @throws Error when an archive is not the one expected
 */
export function npmPack(packages, folder) {
  const names = packages.map(({ name, version }) => `${name}@${version}`);
  const args = ['pack', ...names, '--json', '--pack-destination', folder];
  const packed = JSON.parse(npm(args, { cwd: folder }));
  return packages.map(({ name, version, integrity }) => {
    const { filename } = packed.find((entry) => entry.name === name && entry.version === version);
    // npm 10 and 11 name the file of a scoped package differently from what they print.
    const file = path.join(folder, filename.replace('@', '').replaceAll('/', '-'));
    const found = `sha512-${createHash('sha512').update(fs.readFileSync(file)).digest('base64')}`;
    if (found !== integrity) {
      throw new Error(`${name}@${version}: got ${found}, expected ${integrity}`);
    }
    return file;
  });
}

/** Unpacks (some members of) an archive, without its first `strip` folders. */
export function unpack(archive, folder, { strip = 1, members = [] } = {}) {
  fs.mkdirSync(folder, { recursive: true });
  const args = ['xzf', archive, '-C', folder, `--strip-components=${strip}`, ...members];
  execFileSync('tar', args);
}
