// Writes a JSON object of lists an entry at a time, one entry a line.
import { canonicalStyle, serialize } from '../coco/format';
import type { TargetFiles } from './format';

export class ListWriter {
  private isFirstList = true;
  private isFirstEntry = true;

  constructor(
    private readonly target: TargetFiles,
    private readonly path: string,
  ) {}

  /** A member that is no list. */
  async member(key: string, value: unknown): Promise<void> {
    await this.open(key);
    await this.target.append(this.path, serialize(value, canonicalStyle, ''));
    this.isInList = false;
  }

  /** Ends the list before and begins one. */
  async begin(key: string): Promise<void> {
    await this.open(key);
    await this.target.append(this.path, '[');
    this.isFirstEntry = true;
    this.isInList = true;
  }

  async add(entry: unknown): Promise<void> {
    const lead = this.isFirstEntry ? '\n' : ',\n';
    this.isFirstEntry = false;
    await this.target.append(this.path, `${lead}    ${serialize(entry, canonicalStyle, '')}`);
  }

  /** Ends the file. */
  async end(): Promise<void> {
    await this.close();
    await this.target.append(this.path, this.isFirstList ? '{}\n' : '\n}\n');
  }

  private isInList = false;

  private async open(key: string): Promise<void> {
    await this.close();
    const lead = this.isFirstList ? '{\n' : ',\n';
    this.isFirstList = false;
    await this.target.append(this.path, `${lead}  ${JSON.stringify(key)}: `);
  }

  private async close(): Promise<void> {
    if (this.isInList) await this.target.append(this.path, this.isFirstEntry ? ']' : '\n  ]');
    this.isInList = false;
  }
}
