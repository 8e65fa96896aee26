// VS Code as a person uses it, for end-to-end tests: one server, one Chromium, one window.
// No fixed sleeps: every step waits for what it needs to see.
import fs from 'node:fs';
import path from 'node:path';
import { outDir } from '../lib/paths.mjs';
import { launchBrowser, newContext } from './browser.mjs';
import { pageUrl, startServer } from './server.mjs';

const exactly = (text) => new RegExp(`^\\s*${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s*$`);

export class Workbench {
  /**
   * options: folder (what to open), vsix: [files to install] or extensionFolders: [working trees],
   *          settings (the user's), env, viewport, timeout (ms), artifacts (folder for screenshots)
   */
  static async launch(options = {}) {
    const starting = launchBrowser(); // beside the server
    starting.catch(() => {});
    let server;
    try {
      server = await startServer(options);
      const browser = await starting;
      const { viewport } = options;
      const context = await newContext(browser, viewport ? { viewport } : {});
      const workbench = new Workbench(server, browser, context, options);
      await workbench.open();
      return workbench;
    } catch (error) {
      await starting.then(
        (started) => started.close(),
        () => {},
      );
      await server?.stop();
      throw error;
    }
  }

  constructor(server, browser, context, options) {
    Object.assign(this, { server, browser, context, options, messages: [] });
    this.timeout = options.timeout ?? 90_000;
    context.setDefaultTimeout(this.timeout);
  }

  /** Opens the window (again: as after Developer: Reload Window), and waits until it is restored. */
  async open() {
    await this.page?.close();
    this.page = await this.context.newPage();
    this.page.on('console', (message) => {
      const text = `[${message.type()}] ${message.text()}`;
      this.messages.push({ text, url: message.location().url });
    });
    this.page.on('pageerror', (error) => {
      this.messages.push({ text: `[pageerror] ${error.stack ?? error}`, url: '' });
    });
    await this.page.goto(pageUrl(this.server, { folder: this.options.folder }));
    // VS Code's own marks: the window is restored, and what extensions contribute is known. Between the two
    // (a second or more) an image would open as a binary text file instead of in the custom editor.
    await this.page.waitForFunction(() =>
      ['code/LifecyclePhase/Restored', 'code/didLoadExtensions'].every(
        (name) => performance.getEntriesByName(name).length,
      ),
    );
    return this.page;
  }

  /**
   * Types into the palette or Go to File until the wanted row is there, and takes it. It tries again,
   * because the input can lose its text while it loads, and a command can be registered late.
   */
  async #pick(prefix, text, label) {
    const input = this.page.locator('.quick-input-widget .quick-input-box input');
    const list = this.page.locator('.quick-input-widget .quick-input-list');
    const row = list
      .locator('.monaco-list-row')
      .filter({ has: this.page.locator('.label-name', { hasText: exactly(label) }) })
      .first();
    const deadline = Date.now() + this.timeout;
    for (;;) {
      try {
        if (await input.isVisible()) {
          await this.page.keyboard.press('Escape');
        }
        await input.waitFor({ state: 'hidden', timeout: 2000 });
        await this.page.keyboard.press(prefix === '>' ? 'F1' : 'Control+P');
        await input.fill(`${prefix}${text}`, { timeout: 2000 });
        await row.click({ timeout: 5000 });
        return;
      } catch (error) {
        if (Date.now() > deadline) {
          throw new Error(
            `No '${label}' among: ${(await list.allInnerTexts()).join(' | ').slice(0, 500)}`,
            { cause: error },
          );
        }
      }
    }
  }

  /** Runs a command by its title as the palette shows it ('Probe: Hello'). */
  async runCommand(title) {
    await this.#pick('>', title, title);
  }

  /** Opens a workspace file with Go to File. */
  async openFile(name) {
    await this.#pick('', name, path.basename(name));
    await this.tab(path.basename(name)).waitFor();
  }

  /** Chooses a row of the quick pick that is open (Reopen Editor With…, a theme, an own showQuickPick). */
  async choose(text) {
    await this.page.locator('.quick-input-widget:visible .quick-input-box input').fill(text); // long lists draw only what is in view
    await this.page
      .locator('.quick-input-widget:visible .quick-input-list .monaco-list-row')
      .filter({ hasText: text })
      .first()
      .click();
  }

  /**
   * Answers the file dialog with this title: types a path and presses the button until the dialog has gone.
   * Once is not enough: while VS Code reads a folder it overwrites what was typed, and a press that meets
   * an unfinished list only renews the list (simpleFileDialog, `onDidAccept`).
   */
  async answerDialog(title, file, button) {
    const dialog = this.page.locator('.quick-input-widget:visible').filter({ hasText: title });
    const input = dialog.locator('.quick-input-box input');
    await dialog.waitFor();
    const deadline = Date.now() + this.timeout;
    for (;;) {
      try {
        if ((await input.inputValue({ timeout: 2000 })) !== file) {
          await input.fill(file, { timeout: 2000 });
        }
        await dialog.getByRole('button', { name: button, exact: true }).click({ timeout: 2000 });
        await dialog.waitFor({ state: 'hidden', timeout: 2000 });
        return;
      } catch (error) {
        if (!(await dialog.isVisible())) return;
        if (Date.now() > deadline) {
          const shown = await dialog.innerText();
          throw new Error(`'${title}' stays open: ${shown.slice(0, 500)}`, { cause: error });
        }
      }
    }
  }

  tab(name) {
    return this.page.locator('.tabs-container .tab').filter({ hasText: name });
  }

  /** The document of the visible webview of an extension ('publisher.name'): locators work on it as on a page. */
  webview(extensionId) {
    return this.page
      .locator(`iframe.webview.ready[src*="extensionId=${extensionId}"]`)
      .filter({ visible: true })
      .last()
      .contentFrame()
      .locator('iframe#active-frame')
      .contentFrame();
  }

  /** The notification with this text: wait for it, read it, click its buttons. */
  notification(text) {
    return this.page
      .locator('.notifications-toasts .notification-list-item')
      .filter({ hasText: text })
      .first();
  }

  /** All notifications, also those that are no longer shown. */
  async notifications() {
    await this.runCommand('Notifications: Show Notifications');
    const center = this.page.locator('.notifications-center.visible');
    await center.waitFor();
    const texts = await center.locator('.notification-list-item-message').allInnerTexts();
    await this.runCommand('Notifications: Hide Notifications');
    return texts;
  }

  async clearNotifications() {
    await this.runCommand('Notifications: Clear All Notifications');
    await this.page.locator('.notification-list-item').first().waitFor({ state: 'detached' });
  }

  /** Presses, moves and lets go of the mouse at points of an element of the page or of a webview. */
  async drag(element, ...points) {
    const { x, y } = await element.boundingBox(); // in the window's coordinates, for elements in frames too
    const [[startX, startY], ...rest] = points;
    await this.page.mouse.move(x + startX, y + startY);
    await this.page.mouse.down();
    for (const [toX, toY] of rest) {
      await this.page.mouse.move(x + toX, y + toY, { steps: 5 });
    }
    await this.page.mouse.up();
  }

  /**
   * Changes settings while the window is open, in the folder's .vscode/settings.json: VS Code notices
   * changes from outside there. (In this build it does not notice them in the user's settings.json;
   * user settings are given to launch().)
   */
  async changeSettings(changes) {
    const file = path.join(this.options.folder, '.vscode/settings.json');
    const present = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : {};
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, JSON.stringify({ ...present, ...changes }, null, 2));
  }

  /** Chooses a theme as a person does; waits until the window shows it. */
  async setTheme(kind) {
    const [name, shown] = {
      dark: ['Dark Modern', 'vs-dark'],
      light: ['Light Modern', 'vs'],
      'hc-black': ['Dark High Contrast', 'hc-black'],
      'hc-light': ['Light High Contrast', 'hc-light'],
    }[kind];
    await this.runCommand('Preferences: Color Theme');
    await this.choose(name);
    await this.page.locator(`.monaco-workbench.${shown}`).waitFor();
  }

  /** Waits until a file satisfies a check, and returns what the check returned. */
  async file(name, check = (text) => text) {
    const file = path.resolve(this.options.folder ?? '.', name);
    const deadline = Date.now() + this.timeout;
    for (let problem; ;) {
      try {
        const value = check(fs.readFileSync(file, 'utf8'));
        if (value) {
          return value;
        }
      } catch (error) {
        problem = error;
      }
      if (Date.now() > deadline) {
        throw new Error(
          `${file}: ${problem?.message ?? 'never as expected'}: ${fs.existsSync(file) ? fs.readFileSync(file, 'utf8').slice(0, 500) : 'missing'}`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async screenshot(name) {
    const dir = this.options.artifacts ?? path.join(outDir, 'screenshots');
    fs.mkdirSync(dir, { recursive: true });
    const file = path.join(dir, `${name}.png`);
    await this.page.screenshot({ path: file });
    return file;
  }

  /** For a failed test: what the window shows, and what the logs say. */
  async report(name) {
    console.error(`screenshot: ${await this.screenshot(name).catch((error) => error.message)}`);
    console.error(
      this.messages
        .map(({ text }) => text)
        .slice(-30)
        .join('\n'),
    );
    console.error(this.server.output().slice(-3000));
  }

  async close() {
    await this.browser.close().catch(() => {});
    await this.server.stop();
  }
}
