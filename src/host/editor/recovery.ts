// Finds the backup of a window that was killed. VS Code hands a backup back only when it had time to note down, with
// the window's layout, that there is one; for a crash it has not. So beside each backup we leave a pointer to it,
// which goes away when the work was saved, reverted, or its editor closed.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { DocumentBackup } from './imageDocument';
import { readBackup } from './backup';

export class Recovery {
  /** @param folder where pointers are kept, in the extension's storage */
  constructor(private readonly folder: string) {}

  /** Notes where an image's unsaved work is. */
  async note(imagePath: string, backupFile: string): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    await writeFile(this.pointer(imagePath), backupFile);
  }

  /** Forgets an image's unsaved work; with `backupFile`, only if it is that one. */
  async forget(imagePath: string, backupFile?: string): Promise<void> {
    if (backupFile !== undefined && (await this.pointsTo(imagePath)) !== backupFile) return;
    await rm(this.pointer(imagePath), { force: true });
  }

  /** Work left by a window that was killed; null when there is none. @throws Error when it cannot be read */
  async find(imagePath: string): Promise<DocumentBackup | null> {
    const file = await this.pointsTo(imagePath);
    return file !== null && existsSync(file) ? readBackup(file) : null;
  }

  private async pointsTo(imagePath: string): Promise<string | null> {
    try {
      return await readFile(this.pointer(imagePath), 'utf8');
    } catch {
      // The usual case: no unsaved work was left.
      return null;
    }
  }

  private pointer(imagePath: string): string {
    const name = createHash('sha256').update(imagePath).digest('hex').slice(0, 32);
    return path.join(this.folder, name);
  }
}
