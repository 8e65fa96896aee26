// End-to-end tests: the installed VSIX in a real VS Code window, on a copy of a workspace of its own.
import fs from 'node:fs';
import path from 'node:path';
import { extensionId, outDir, root } from '../../scripts/lib/paths.mjs';
import { Workbench } from '../../scripts/vscode/workbench.mjs';
import { copyWorkspace } from './workspace.mjs';

const screenshots = path.join(outDir, 'screenshots');

/** Errors, violations of the content security policy, and leaks of listeners or disposables. */
const isComplaint = (text) =>
  /^\[(error|pageerror)\]/.test(text) ||
  /Content Security Policy|Refused to|potential listener LEAK|leaked disposable/i.test(text);

/** VS Code's own code and resources; it complains about itself here (no marketplace, no service worker). */
const VSCODE =
  /\/_?static\/(?!out\/vs\/workbench\/contrib\/webview)|\[Service Worker\]|when fetching the script|ERR_NAME_NOT_RESOLVED/;

/** Everything that does not come from VS Code itself, and whatever names us or our page. */
const isOurs = ({ text, url }) =>
  /promptmark|vscode-resource|Content Security Policy/i.test(`${text} ${url}`) ||
  !VSCODE.test(`${text} ${url}`);

/** A window with the extension installed; `close` fails the test when anything went wrong unseen. */
export class Session {
  /**
   * @param options from (folder of the repository to copy, default the sample workspace), settings (the user's),
   *   viewport, env, timeout (ms), trust (ask for workspace trust)
   */
  static async launch({ from, ...options } = {}) {
    const workspace = copyWorkspace(from);
    try {
      const code = await Workbench.launch({
        folder: workspace.folder,
        artifacts: screenshots,
        ...installed(),
        ...options,
      });
      return new Session(code, workspace);
    } catch (error) {
      workspace.remove();
      throw error;
    }
  }

  constructor(code, workspace) {
    /** the Workbench: commands, files, notifications, themes */
    this.code = code;
    this.page = code.page;
    this.folder = workspace.folder;
    this.removeWorkspace = workspace.remove;
  }

  /** The page of the visible Promptmark editor; locators work on it. */
  view() {
    return this.code.webview(extensionId);
  }

  /** The first image of the workspace, relative to it. */
  firstImage() {
    const names = fs.readdirSync(this.folder, { recursive: true }).sort();
    return names.find((name) => /\.(png|jpe?g|webp)$/i.test(name));
  }

  /** Opens an image of the workspace (path relative to it) in Promptmark. */
  async openImage(name) {
    await this.code.openFile(name);
    await this.code.runCommand('View: Reopen Editor With...');
    await this.code.choose('Promptmark');
    await this.view().locator('canvas').first().waitFor();
  }

  /** A picture of the window for people to look at, in out/screenshots. */
  async screenshot(name) {
    return this.code.screenshot(name);
  }

  /** A picture for README.md: docs/images/NAME.png is renewed when PROMPTMARK_UPDATE_IMAGES is set. */
  async readmeImage(name) {
    const file = await this.screenshot(name);
    if (!process.env.PROMPTMARK_UPDATE_IMAGES) return;
    const images = path.join(root, 'docs/images');
    fs.mkdirSync(images, { recursive: true });
    fs.copyFileSync(file, path.join(images, `${name}.png`));
  }

  /** Errors of page and extension host, violations of the content security policy, leaks. */
  complaints() {
    const shown = this.code.messages
      .filter((message) => isComplaint(message.text) && isOurs(message))
      .map(({ text, url }) => `${text} (${url})`);
    const logged = this.hostLog().filter(
      (line) => /\[error\]/.test(line) && /promptmark/i.test(line),
    );
    return [...shown, ...logged];
  }

  /** Lines of the extension host's log. */
  hostLog() {
    const logs = path.join(this.code.server.userDataDir, 'logs');
    return fs
      .readdirSync(logs, { recursive: true })
      .filter((name) => path.basename(name) === 'remoteexthost.log')
      .flatMap((name) => fs.readFileSync(path.join(logs, name), 'utf8').split('\n'));
  }

  /** For an afterEach hook: a picture and the logs when the test failed. */
  async reportIfFailed(context) {
    const hasFailed = context.error !== undefined && context.error !== null;
    if (hasFailed || context.passed === false) {
      await this.code.report(`failed-${context.name.replace(/\W+/g, '-')}`);
    }
  }

  /** Ends everything. @throws when there were complaints; they are not a test's, so nobody else would see them */
  async close() {
    const complaints = this.complaints();
    await this.code.close();
    this.removeWorkspace();
    if (complaints.length) throw new Error(`The window complained:\n${complaints.join('\n')}`);
  }
}

/** Where the programs under test are: in the installed extension, else in the working tree. */
export function distFolder() {
  return process.env.PROMPTMARK_E2E_DIST ?? path.join(root, 'dist');
}

/** What scripts/testE2e.mjs installed, else the working tree (for a single file run by hand). */
function installed() {
  const extensionsDir = process.env.PROMPTMARK_E2E_EXTENSIONS;
  return extensionsDir ? { extensionsDir } : { extensionFolders: [root] };
}
