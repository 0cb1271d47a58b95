// A learner in front of the built page, in a real Chromium.
//
// Playwright's library drives the browser, because its role queries wait, see into the editor's shadow root and read
// what a screen reader would; `playwright-core` brings no browser of its own, so the one on the machine is used. The
// tests run under Node's own runner: Playwright's would be one more thing to install for a list, a timer and an exit code.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { serve } from './server.mjs';

export const DIST = fileURLToPath(new URL('../../dist', import.meta.url));
const SCREENSHOTS = fileURLToPath(new URL('../screenshots', import.meta.url));

const QUIET = '--disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';
const HEIGHTS = { 390: 844, 853: 480, 1024: 768, 1440: 900 };

/** Starts the browser with an empty profile. Root has no sandbox to offer. */
export const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: QUIET.split(' '),
    chromiumSandbox: process.getuid?.() !== 0,
  });

// One browser and one server for all tests of a file.
let started;
const start = () => (started ??= Promise.all([launch(), serve(DIST)]));
after(async () => {
  if (!started) return;
  const [browser, server] = await started;
  await browser.close();
  await server.close();
});

/**
 * One test in a fresh profile. It fails on any console error, uncaught exception, failed request, and on any request to
 * another host, whatever `body` finds.
 *
 * Options: `width` in CSS px, `scheme` light or dark, `expected` patterns of errors that belong to the test,
 * `before(page, context)` runs before the page is opened, `hash` is opened with it.
 */
export function learner(name, options, body) {
  if (!body) [options, body] = [{}, options];
  test(name, async () => {
    const { width = 1440, scheme = 'light', expected = [], before, hash = '' } = options;
    const [browser, { address }] = await start();
    const context = await browser.newContext({
      viewport: { width, height: HEIGHTS[width] ?? 900 },
      colorScheme: scheme,
      hasTouch: width < 800,
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    const errors = [];
    const note = (text) => expected.some((pattern) => pattern.test(text)) || errors.push(text);
    page.on('console', (message) => message.type() === 'error' && note(`console: ${message.text()}`));
    page.on('pageerror', (error) => note(`uncaught: ${error.stack ?? error}`));
    page.on('requestfailed', (request) => note(`failed: ${request.url()} ${request.failure()?.errorText}`));
    page.on('request', (request) => /^(data|blob):/.test(request.url()) || request.url().startsWith(address) || note(`sent to another host: ${request.url()}`));
    const drydock = new Drydock(page, address);
    try {
      await before?.(page, context);
      await drydock.open(hash);
      await body(drydock);
      assert.deepEqual(errors, [], 'the page reported errors');
    } catch (error) {
      await drydock.screenshot(`failed ${name}`).catch(() => {});
      if (errors.length) error.message += `\nThe page reported:\n  ${errors.join('\n  ')}`;
      throw error;
    } finally {
      await context.close();
    }
  });
}

/** What a learner can do and see. `page` is Playwright's, for what has no verb yet. */
export class Drydock {
  constructor(page, address) {
    this.page = page;
    this.address = address;
  }

  /** Opens the page, or follows a link to it. */
  async open(hash = '') {
    await this.page.goto(this.address + hash);
  }

  /** The text box, be it the plain one or CodeMirror's. */
  get editor() {
    return this.page.getByRole('textbox', { name: 'Dockerfile' });
  }

  /** The whole text in the editor. */
  async text() {
    return this.editor.evaluate((box) =>
      'value' in box ? box.value : [...box.querySelectorAll('.cm-line')].map((line) => line.textContent).join('\n'),
    );
  }

  /** Types at the end of the text. */
  async type(text) {
    await this.editor.focus();
    await this.page.keyboard.press('Control+End');
    await this.page.keyboard.type(text);
  }

  /** Replaces all of the text by way of the clipboard. */
  async paste(text) {
    await this.page.evaluate((text) => navigator.clipboard.writeText(text), text);
    await this.editor.focus();
    await this.page.keyboard.press('Control+A');
    await this.page.keyboard.press('Control+V');
  }

  /** Saves a picture of what is on screen as tests/screenshots/NAME.png. */
  async screenshot(name) {
    await this.page.screenshot({ path: `${SCREENSHOTS}/${name.replace(/[^\w.-]+/g, '-')}.png`, animations: 'disabled' });
  }
}
