// Where the page gets the picture from: the file itself, or a PNG made by the engine when the page cannot show it.
import { createHash } from 'node:crypto';
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Uri, type Webview } from 'vscode';
import type { EnginePort } from './enginePort';

/** Formats Chromium has no decoder for. */
const RENDERED = new Set(['.tif', '.tiff']);
/** longest side of a rendered picture, pixels: what a canvas can hold everywhere */
const MAX_SIDE = 8192;

export class ImageSource {
  private rendered: { readonly version: string; readonly file: string } | null = null;

  /** @param storage folder for rendered pictures */
  constructor(
    private readonly imagePath: string,
    private readonly storage: string,
    private readonly engine: EnginePort,
  ) {}

  /** folders the page may read */
  roots(): readonly Uri[] {
    return [Uri.file(path.dirname(this.imagePath)), Uri.file(this.storage)];
  }

  /** An address for <img>; another one when the file has changed. @throws DomainError when it cannot be rendered */
  async address(webview: Webview): Promise<string> {
    const version = await versionOf(this.imagePath);
    const file = RENDERED.has(path.extname(this.imagePath).toLowerCase())
      ? await this.render(version)
      : this.imagePath;
    return webview
      .asWebviewUri(Uri.file(file))
      .with({ query: `v=${encodeURIComponent(version)}` })
      .toString();
  }

  /** Removes what was rendered. */
  async dispose(): Promise<void> {
    if (this.rendered) await rm(this.rendered.file, { force: true });
  }

  private async render(version: string): Promise<string> {
    if (this.rendered?.version === version) return this.rendered.file;
    const { png } = await this.engine.render(this.imagePath, MAX_SIDE);
    await mkdir(this.storage, { recursive: true });
    const name = createHash('sha256').update(`${this.imagePath}\n${process.pid}`).digest('hex');
    const file = path.join(this.storage, `${name.slice(0, 32)}.png`);
    await writeFile(file, new Uint8Array(png));
    this.rendered = { version, file };
    return file;
  }
}

async function versionOf(file: string): Promise<string> {
  try {
    const { mtimeMs, size } = await stat(file);
    return `${mtimeMs}-${size}`;
  } catch {
    // Deleted while open: the page keeps what it has, or shows its own message.
    return 'missing';
  }
}
