// Opens the built page in Chromium with a fake host, under the policy the real host sets.
import path from 'node:path';
import * as esbuild from 'esbuild';
import { programs, root } from '../../../scripts/build.mjs';
import { launchBrowser } from '../../../scripts/vscode/browser.mjs';
import { themeCss, themes } from './themes.mjs';

const ORIGIN = 'http://page.test';
const POLICY = [
  "default-src 'none'",
  `img-src ${ORIGIN} blob: data:`,
  `script-src ${ORIGIN}`,
  `style-src ${ORIGIN}`,
  `font-src ${ORIGIN} data:`,
].join('; ');

async function bundle() {
  const page = await esbuild.build({
    ...programs.webview,
    outfile: 'dist/webview.js',
    sourcemap: false,
    write: false,
  });
  const host = await esbuild.build({
    absWorkingDir: root,
    entryPoints: ['test/e2e/page/fakeHost.ts'],
    bundle: true,
    format: 'iife',
    target: 'chrome120',
    write: false,
    logLevel: 'warning',
  });
  const files = Object.fromEntries(
    page.outputFiles.map((file) => [`/${path.basename(file.path)}`, file.text]),
  );
  return { ...files, '/fakeHost.js': host.outputFiles[0].text };
}

const types = { '.js': 'text/javascript', '.css': 'text/css', '.html': 'text/html' };

export class PageHarness {
  static async start() {
    const [files, browser] = await Promise.all([bundle(), launchBrowser()]);
    return new PageHarness(files, browser);
  }

  constructor(files, browser) {
    this.files = files;
    this.browser = browser;
  }

  /**
   * @param options theme, width, height, zoom (window zoom, 2 = 200 %), reducedMotion, and for the fake host: see FakeOptions
   * @returns a Playwright page with `complaints` (console errors, policy violations) filled as they come
   */
  async open({
    theme = 'dark',
    width = 1100,
    height = 720,
    zoom = 1,
    reducedMotion = 'reduce',
    ...options
  } = {}) {
    const context = await this.browser.newContext({
      viewport: { width: Math.round(width / zoom), height: Math.round(height / zoom) },
      deviceScaleFactor: zoom,
      reducedMotion,
    });
    const page = await context.newPage();
    page.complaints = [];
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) page.complaints.push(message.text());
    });
    page.on('pageerror', (error) => page.complaints.push(error.stack ?? String(error)));
    await context.route(`${ORIGIN}/**`, (route) => {
      const { pathname } = new URL(route.request().url());
      const headers = { 'content-security-policy': POLICY };
      const body =
        pathname === '/'
          ? html(theme)
          : pathname === '/theme.css'
            ? themeCss(theme)
            : this.files[pathname];
      if (body === undefined) return route.fulfill({ status: 404 });
      const contentType = types[path.extname(pathname) || '.html'];
      return route.fulfill({ body, contentType, headers });
    });
    await page.goto(`${ORIGIN}/?options=${encodeURIComponent(JSON.stringify(options))}`);
    return page;
  }

  close() {
    return this.browser.close();
  }
}

const html = (theme) => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <link rel="stylesheet" href="/theme.css" />
    <link rel="stylesheet" id="vscode-codicon-stylesheet" href="/webview.css" />
    <title>Promptmark</title>
  </head>
  <body class="${themes[theme].kind}">
    <div id="app"></div>
    <script src="/fakeHost.js"></script>
    <script src="/webview.js"></script>
  </body>
</html>`;
