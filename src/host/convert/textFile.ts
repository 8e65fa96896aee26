// A new file that is written in small pieces: they are gathered to parts of a megabyte.
import * as fs from 'node:fs/promises';

const PART_CHARACTERS = 1 << 20;

export class TextFile {
  private text = '';
  private written = Promise.resolve();

  private constructor(private readonly handle: fs.FileHandle) {}

  /** @throws Node's error when the file is there */
  static async create(file: string): Promise<TextFile> {
    return new TextFile(await fs.open(file, 'wx'));
  }

  /** Keeps the text; `flush` writes it. */
  push(text: string): void {
    this.text += text;
  }

  async add(text: string): Promise<void> {
    this.push(text);
    await this.flush();
  }

  /** Writes what was gathered when it is enough, or all of it. */
  async flush(all = false): Promise<void> {
    if (this.text === '' || (!all && this.text.length < PART_CHARACTERS)) return;
    const { text } = this;
    this.text = '';
    this.written = this.written.then(() => this.handle.appendFile(text));
    await this.written;
  }

  async close(): Promise<void> {
    try {
      await this.flush(true);
    } finally {
      await this.handle.close();
    }
  }
}
