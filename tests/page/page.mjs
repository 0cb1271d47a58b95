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

export const DIST = process.env.DRYDOCK_DIST ?? fileURLToPath(new URL('../../dist', import.meta.url));
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
function start() {
  return (started ??= Promise.all([launch(), serve(DIST)]));
}
async function stop() {
  const [browser, server] = (await started) ?? [];
  await browser?.close();
  await server?.close();
}
let cleaned;

/**
 * One test in a fresh profile. It fails on any console error, uncaught exception, failed request, and on any request to
 * another host, whatever `body` finds.
 *
 * Options: `width` in CSS px, `scheme` light or dark, `expected` patterns of errors that belong to the test,
 * `before(page, context)` runs before the page is opened, `hash` is opened with it.
 */
export function learner(name, options, body) {
  if (!body) [options, body] = [{}, options];
  if (!cleaned) after(stop);
  cleaned = true;
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
      if (errors.length && error.code !== 'ERR_ASSERTION') throw new Error(`the page reported: ${errors.join('\n')}`, { cause: error });
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

  /** Comes back later: the storage stays. */
  async reload() {
    // The text is written after a short pause in typing, and on leaving.
    await this.page.reload();
  }

  // -- the file ------------------------------------------------------------------------------------------------------

  /** The text box, be it the plain one or CodeMirror's. */
  get editor() {
    return this.page.getByRole('textbox', { name: 'Dockerfile', exact: true });
  }

  /** Waits until CodeMirror stands over the plain text box. */
  async codemirror(timeout = 10_000) {
    await this.page.locator('.cm-content').waitFor({ timeout });
  }

  /** Between two keys the editor must not change; where a test keeps CodeMirror away, the plain one stands. */
  async settled() {
    await this.codemirror(3_000).catch(() => {});
  }

  /** The whole text in the editor. */
  async text() {
    return this.editor.evaluate((box) =>
      'value' in box ? box.value : [...box.querySelectorAll('.cm-line')].map((line) => line.textContent).join('\n'),
    );
  }

  /** Types at the end of the text, once the editor that is on its way stands; `early`: at once. */
  async type(text, { early = false } = {}) {
    if (!early) await this.settled();
    await this.editor.focus();
    await this.page.keyboard.press('Control+End');
    await this.page.keyboard.type(text);
  }

  /** Replaces all of the text by way of the clipboard, once the editor that is on its way stands. */
  async paste(text) {
    await this.page.evaluate((text) => navigator.clipboard.writeText(text), text);
    await this.settled();
    await this.editor.focus();
    await this.page.keyboard.press('Control+A');
    await this.page.keyboard.press('Control+V');
  }

  /** Chooses an entry of the menu "Open". `lesson` tells apart what has the same name in both. */
  async openSample(name, lesson) {
    await this.openMenu('Open', '#open-menu');
    const menu = this.page.locator('#open-menu');
    const below = lesson ? menu.locator(`p:has-text("${lesson}") ~ button`) : menu.getByRole('button');
    await below.filter({ hasText: name }).first().click();
  }

  /** Chooses an entry of the menu "⋯". */
  async more(name) {
    await this.openMenu('More', '#more-menu');
    await this.page.locator('#more-menu').getByText(name, { exact: true }).click();
    if (await this.page.locator('#more-menu').isVisible()) await this.page.keyboard.press('Escape');
  }

  /** Opens a menu of the header, once it is there: menus come with the second piece. */
  async openMenu(button, id) {
    await this.page.locator(id).waitFor({ state: 'attached' });
    await this.press(button);
  }

  /** Presses a button anywhere on the page. */
  async press(name) {
    await this.page.getByRole('button', { name, exact: typeof name === 'string' }).first().click();
  }

  // -- what there is to say ------------------------------------------------------------------------------------------

  /** Chooses Issues, Rewrite, Size; on a phone File too. */
  async tab(name) {
    const bar = this.page.getByRole('navigation', { name: 'Parts of the page' });
    if (await bar.isVisible()) await bar.getByRole('button', { name }).click();
    else await this.page.getByRole('tab', { name }).click();
  }

  /** What the tab of that name shows. */
  panel(name) {
    return this.page.getByRole('tabpanel', { name });
  }

  /** The titles of the issues in their order, without the folded ones. */
  async issues() {
    await this.panel('Issues').waitFor();
    return this.panel('Issues').locator('li .issue-title').allInnerTexts();
  }

  /** The row of an issue. */
  issue(title) {
    return this.panel('Issues').locator('li').filter({ has: this.page.locator('.issue-title', { hasText: title }) }).first();
  }

  /** Opens an issue, unless it is open. */
  async openIssue(title) {
    const row = this.issue(title).locator('.issue-row');
    if ((await row.getAttribute('aria-expanded')) !== 'true') await row.click();
    await this.issue(title).locator('.issue-card').waitFor();
  }

  /** Fixes one issue. */
  async fix(title) {
    await this.openIssue(title);
    await this.issue(title).getByRole('button', { name: 'Fix', exact: true }).click();
  }

  /** Fixes all issues of a kind. */
  async fixAll(title) {
    await this.openIssue(title);
    await this.issue(title).getByRole('button', { name: /^Fix all/ }).click();
  }

  /** Opens "Share" and returns the link. As an exercise it hides the fixes. */
  async share({ exercise = false } = {}) {
    await this.openMenu('Share', '#share-menu');
    if (exercise) await this.page.getByLabel(/As an exercise/).check();
    const link = await this.page.getByLabel('Link', { exact: true }).inputValue();
    await this.page.keyboard.press('Escape');
    return link;
  }

  // -- lessons and rules ---------------------------------------------------------------------------------------------

  /** The page of a section or a rule, over the right column. */
  get pageOver() {
    return this.page.locator('#page');
  }

  /** Chooses "Lessons" or "Rules" in the menu "Open". */
  async openPage(name) {
    await this.openMenu('Open', '#open-menu');
    await this.page.locator('#open-menu').getByRole('button', { name, exact: true }).click();
  }

  /** Waits until the page of that title is shown. */
  async reading(title) {
    await this.pageOver.getByRole('heading', { level: 2, name: title, exact: typeof title === 'string' }).waitFor();
  }

  // -- looking -------------------------------------------------------------------------------------------------------

  /** Waits until `text` is on screen. */
  async sees(text) {
    await this.page.getByText(text).filter({ visible: true }).first().waitFor();
  }

  /** Asks `question` again and again until `is` is content with the answer. */
  async until(question, is, what) {
    const patience = Date.now() + 5000;
    for (;;) {
      const answer = await question();
      if (is(answer)) return answer;
      if (Date.now() > patience) assert.fail(`${what}; the last answer was ${JSON.stringify(answer)}`);
      await this.page.waitForTimeout(50);
    }
  }

  /** Waits until the text in the editor matches. */
  async reads(pattern) {
    return this.until(() => this.text(), (text) => pattern.test(text), `the text never matched ${pattern}`);
  }

  /** Waits until an issue of that title is listed, or is not. */
  async lists(title, listed = true) {
    const has = (titles) => titles.some((one) => title.test(one)) === listed;
    return this.until(() => this.issues(), has, `the list ${listed ? 'never had' : 'kept'} ${title}`);
  }

  /** Fails when the page can be scrolled sideways. */
  async staysInWidth() {
    const [wide, room] = await this.page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert.ok(wide <= room, `the page is ${wide} px wide in a window of ${room} px`);
  }

  /** Saves a picture of what is on screen as tests/screenshots/NAME.png. */
  async screenshot(name) {
    await this.page.screenshot({ path: `${SCREENSHOTS}/${name.replace(/[^\w.-]+/g, '-')}.png`, animations: 'disabled' });
  }
}
