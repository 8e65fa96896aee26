// The headless Chromium of the tests, and what every page in it needs.
import { chromium } from 'playwright-core';
import { findChromium } from './setup.mjs';

/** Starts Chromium; options are those of playwright's launch(). */
export async function launchBrowser(options = {}) {
  const executablePath = findChromium();
  if (!executablePath)
    throw new Error('No Chromium found: run `npm run setup`, or set CHROMIUM_PATH.');
  return chromium.launch({
    executablePath,
    ...options,
    args: [
      '--no-sandbox', // root
      '--disable-gpu',
      '--disable-dev-shm-usage',
      // Nothing but this machine is looked for.
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** Pages of a fixed size and scale, for exact coordinates. */
export async function newContext(browser, options = {}) {
  return browser.newContext({
    viewport: { width: 1400, height: 900 },
    deviceScaleFactor: 1,
    reducedMotion: 'reduce',
    locale: 'en-US',
    permissions: ['clipboard-read', 'clipboard-write'],
    ...options,
  });
}
