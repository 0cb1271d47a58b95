// What it weighs: the tables of the lessons beside this file's own figures, a folder, a paste from Docker, and what is taken along.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { learner } from './page.mjs';

const SECTIONS = ['Layer by layer', 'What a change costs', 'How long it takes to pull', 'Your build context', 'Your own figures'];

/** Opens parts of the panel that are closed. */
async function open(drydock, ...sections) {
  await drydock.tab('Size');
  await drydock.panel('Size').getByRole('table').first().waitFor();
  for (const title of sections) {
    const part = drydock.panel('Size').locator('details', { has: drydock.page.getByText(title, { exact: true }) });
    if (!(await part.evaluate((details) => details.open))) await part.locator('summary').click();
  }
}

/** A part of the panel, opened. */
async function part(drydock, title) {
  await open(drydock, title);
  return drydock.panel('Size').locator('details', { has: drydock.page.locator('summary', { hasText: title }) });
}

/** A folder of that many files below node_modules, a history, and two files of its own. */
function project(files) {
  const root = join(mkdtempSync(join(tmpdir(), 'drydock-')), 'shop');
  for (let at = 0; at < files; at++) {
    const folder = join(root, 'node_modules', `p${Math.floor(at / 100)}`);
    if (at % 100 === 0) mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `f${at}.js`), '0123456789');
  }
  mkdirSync(join(root, '.git'));
  writeFileSync(join(root, '.git', 'pack'), Buffer.alloc(3_000_000));
  writeFileSync(join(root, 'main.py'), 'print(1)\n');
  return root;
}

learner('the size tables can be read, and every figure has a passport', async (drydock) => {
  await drydock.tab('Size');
  const tables = drydock.panel('Size').getByRole('table');
  await tables.first().waitFor();
  const text = (await tables.allInnerTexts()).join('\n');
  assert.match(text, /Lesson says/i);
  assert.match(text, /python:3\.11-slim/);
  assert.match(text, /\d+ MB|\d\.\d+ GB/);
  const figure = drydock.panel('Size').locator('.size-figure button').first();
  await figure.click();
  const passport = drydock.panel('Size').getByRole('tooltip').filter({ visible: true }).first();
  await passport.waitFor();
  assert.match(await passport.innerText(), /Measured|Estimated|lesson/i);
});

/** Numbers with a unit that are on screen outside a figure, and figures without a passport that says how it came about. */
const strays = (drydock) =>
  drydock.page.evaluate(() => {
    const number = /\d[\d.,]*\s(?:[kMGT]?B|%|s|min|h)(?![\w/])/;
    const found = [];
    let seen = 0;
    for (const root of document.querySelectorAll('.size, .strip')) {
      const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const { parentElement: parent, nodeValue: text } = walker.currentNode;
        if (parent.closest('.size-passport') || !parent.checkVisibility()) continue;
        const button = parent.closest('.size-figure > button');
        if (!button) {
          if (number.test(text)) found.push(`no figure: ${text}`);
          continue;
        }
        seen += 1;
        const passport = document.getElementById(button.getAttribute('aria-describedby'));
        // Of each number its name, and a sentence at least.
        const names = passport?.querySelectorAll('strong').length ?? 0;
        const says = [...(passport?.querySelectorAll('span') ?? [])].map((line) => line.textContent.trim());
        if (!names || says.filter((line) => line.length > 10).length < names) found.push(`no passport: ${text}`);
      }
    }
    return { seen, found };
  });

for (const width of [1440, 390]) {
  learner(`every number on screen has a passport, at ${width} px`, { width }, async (drydock) => {
    await open(drydock, ...SECTIONS);
    await drydock.panel('Size').getByText('Your folder, biggest first').waitFor();
    const { seen, found } = await drydock.until(() => strays(drydock), ({ seen }) => seen > 40, 'there are few numbers');
    assert.deepEqual(found, [], `of ${seen} numbers`);
    console.log(`${seen} numbers at ${width} px, each with a passport`);
    await drydock.staysInWidth();
    await drydock.screenshot(`size-${width}`);
  });
}

learner('a passport opens on hover, on focus and on a tap, and Esc closes it', async (drydock) => {
  await open(drydock);
  for (const place of [drydock.page.locator('.strip-weights'), drydock.panel('Size').locator('.size-approaches')]) {
    const figure = place.locator('.size-figure').filter({ visible: true }).first();
    const button = figure.getByRole('button');
    const passport = figure.locator('.size-passport');
    await button.hover();
    await passport.waitFor();
    await drydock.page.mouse.move(5, 400);
    await passport.waitFor({ state: 'hidden' });
    await button.focus();
    await drydock.page.keyboard.press('Shift+Tab');
    await drydock.page.keyboard.press('Tab');
    await passport.waitFor();
    await drydock.page.keyboard.press('Escape');
    await passport.waitFor({ state: 'hidden' });
    await button.evaluate((button) => button.blur());
    await button.dispatchEvent('click');
    await passport.waitFor();
    await drydock.page.keyboard.press('Escape');
  }
});

learner('a smaller base makes the image smaller', async (drydock) => {
  const now = () => drydock.page.locator('.strip-bars b').nth(1).innerText();
  const before = await drydock.until(now, (text) => /\d/.test(text), 'nothing is weighed');
  await drydock.fix(/full|larger|slim|base/i);
  const after = await drydock.until(now, (text) => text !== before, 'the size did not change');
  const megabytes = (text) => Number.parseFloat(text.replace(/[^\d.]/g, '')) * (text.includes('GB') ? 1000 : 1);
  assert.ok(megabytes(after) < megabytes(before), `${before} became ${after}`);
});

learner('what a change costs is told before and after, and in the strip when a fix buys rebuild time', async (drydock) => {
  const rebuild = await part(drydock, 'What a change costs');
  const code = rebuild.getByRole('row', { name: /line of your code/i });
  assert.match(await code.innerText(), /with the install in line 8[\s\S]*no install/);
  await drydock.tab('Issues');
  await drydock.fix(/reinstalls all dependencies/i);
  await drydock.page.locator('.strip-rebuild').waitFor();
  assert.match(await drydock.page.locator('.strip-rebuild').innerText(), /start[\s\S]*with the install[\s\S]*now[\s\S]*no install/);
  await drydock.screenshot('size-rebuild-strip');
});

learner('the bandwidth decides how long a pull takes', async (drydock) => {
  const pull = await part(drydock, 'How long it takes to pull');
  const times = () => pull.getByRole('row').nth(1).innerText();
  const before = await times();
  await pull.getByLabel('Bandwidth in Mbit/s').fill('5');
  await drydock.page.keyboard.press('Tab');
  await drydock.until(times, (text) => text !== before && /min/.test(text), 'the time stayed');
});

learner('a folder of 5,000 files is read in slices, by names and sizes alone', async (drydock) => {
  const root = project(5000);
  try {
    const context = await part(drydock, 'Your build context');
    const longest = drydock.page.evaluate(() => {
      window.longest = 0;
      let last = performance.now();
      const tick = () => {
        const now = performance.now();
        window.longest = Math.max(window.longest, now - last);
        last = now;
        window.ticking = setTimeout(tick, 10);
      };
      tick();
      // How long the browser itself looks through the folder is not ours.
      document.addEventListener('change', () => ([window.longest, last] = [0, performance.now()]), { capture: true });
    });
    await longest;
    await context.locator('input[type=file]').setInputFiles(root);
    const table = context.locator('.size-folder');
    await table.getByText('node_modules/', { exact: true }).first().waitFor({ timeout: 30_000 });
    const rows = await table.innerText();
    assert.match(rows, /\.git\/[\s\S]*3 MB[\s\S]*node_modules\/[\s\S]*50 kB/);
    assert.match(await context.innerText(), /3\.1 MB in 5002 files/);
    assert.match(await context.innerText(), /rewrite's ignore file would keep out/);
    const ms = await drydock.page.evaluate(() => window.longest);
    console.log(`the longest pause while 5,000 files were read: ${ms.toFixed(0)} ms`);
    assert.ok(ms < 2000, `the page stood still for ${ms} ms`);
    await open(drydock, 'Layer by layer');
    await drydock.until(() => drydock.panel('Size').locator('.size-layers').innerText(), (text) => /COPY line \d+\s+~?3\.1 MB/.test(text), 'the copy does not weigh what the folder does');
    await drydock.screenshot('size-folder');
  } finally {
    rmSync(join(root, '..'), { recursive: true });
  }
});

learner('a folder that was dropped is read as well', async (drydock) => {
  await open(drydock, 'Your build context');
  await drydock.page.evaluate(() => {
    const file = (name, size) => ({ name, isDirectory: false, file: (done) => done(new File([new Uint8Array(size)], name)) });
    const folder = (name, entries) => ({
      name,
      isDirectory: true,
      createReader: () => ({ readEntries: (done) => done(entries.splice(0)) }),
    });
    const broken = { name: 'secret', isDirectory: false, file: (_, failed) => failed(new Error('no')) };
    const root = folder('shop', [file('app.py', 70_000), broken, folder('data', [file('big.bin', 4_000_000)])]);
    const event = new DragEvent('drop', { bubbles: true, cancelable: true });
    const items = [{ webkitGetAsEntry: () => root }];
    Object.defineProperty(event, 'dataTransfer', { value: new DataTransfer() });
    Object.defineProperty(event.dataTransfer, 'items', { value: items });
    Object.defineProperty(event.dataTransfer, 'types', { value: ['Files'] });
    document.querySelector('.app').dispatchEvent(event);
  });
  const table = drydock.panel('Size').locator('.size-folder');
  await table.getByText('data/', { exact: true }).first().waitFor();
  assert.match(await table.innerText(), /data\/[\s\S]*4 MB[\s\S]*app\.py[\s\S]*70 kB/);
});

learner('reading a folder shows how far it is, and can be cancelled', async (drydock) => {
  await drydock.panel('Issues').waitFor();
  await drydock.page.evaluate(() => {
    const file = { name: 'a.py', isDirectory: false, file: (done) => done(new File(['a'], 'a.py')) };
    let asked = 0;
    // A disk that never answers the second time.
    const readEntries = (done) => (asked++ === 0 ? done([file]) : undefined);
    const root = { name: 'slow', isDirectory: true, createReader: () => ({ readEntries }) };
    const event = new DragEvent('drop', { bubbles: true, cancelable: true });
    Object.defineProperty(event, 'dataTransfer', { value: new DataTransfer() });
    Object.defineProperty(event.dataTransfer, 'items', { value: [{ webkitGetAsEntry: () => root }] });
    Object.defineProperty(event.dataTransfer, 'types', { value: ['Files'] });
    document.querySelector('.app').dispatchEvent(event);
  });
  const panel = drydock.panel('Size');
  await panel.getByText(/1 (files )?so far/).waitFor();
  await panel.getByRole('button', { name: 'Cancel' }).click();
  await panel.getByText('Choose a folder').waitFor();
  assert.match(await panel.locator('.size-folder').innerText(), /\.git\/[\s\S]*40 MB/, 'the list before is still there');
});

const IMAGES = `REPOSITORY   TAG       IMAGE ID       CREATED          SIZE
myapp        1.0       4f0a3a1b2c3d   2 minutes ago    153MB
myapp        dev       9d1c2b3a4f5e   10 minutes ago   1.16GB
`;

learner('what docker images prints stands beside the estimate, with the error', async (drydock) => {
  const yours = await part(drydock, 'Your own figures');
  const box = yours.getByRole('textbox').first();
  await box.fill('FROM python:3.11');
  await yours.getByText('This is not what docker images').waitFor();
  await box.fill(IMAGES);
  const table = yours.getByRole('table');
  await table.waitFor();
  assert.match(await table.innerText(), /Start[\s\S]*1\.2 GB[\s\S]*%[\s\S]*Rewrite[\s\S]*153 MB[\s\S]*%/);
  const choice = yours.getByRole('listitem').filter({ hasText: 'myapp:dev' }).getByRole('button', { name: 'Now' });
  await choice.click();
  await table.getByRole('row', { name: /^Now/ }).waitFor();
  const { found } = await strays(drydock);
  assert.deepEqual(found, []);
  await drydock.screenshot('size-yours');
});

learner('the tables can be taken along', async (drydock) => {
  await open(drydock, 'Your build context');
  await drydock.panel('Size').getByText('Your folder, biggest first').waitFor();
  await drydock.press('Copy as Markdown');
  const markdown = await drydock.until(() => drydock.page.evaluate(() => navigator.clipboard.readText()), (text) => text.includes('| Approach |'), 'nothing was copied');
  assert.match(markdown, /## What a change costs|## After a change/);
  assert.match(markdown, /## Your folder, biggest first/);
  const waiting = drydock.page.waitForEvent('download');
  await drydock.press('Download CSV');
  const download = await waiting;
  const chunks = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk);
  const csv = Buffer.concat(chunks).toString();
  assert.match(csv, /^table,row,column,shown,low bytes,likely bytes,high bytes,basis\r\n/);
  assert.match(csv, /"python:3\.11-slim","Measured","\d+ MB",\d+,\d+,\d+,"Measured, as of/);
});

for (const scheme of ['light', 'dark']) {
  learner(`the panel at 1024 px, ${scheme}`, { width: 1024, scheme }, async (drydock) => {
    await open(drydock, 'Layer by layer', 'What a change costs', 'Your build context');
    await drydock.panel('Size').getByText('Your folder, biggest first').waitFor();
    await drydock.staysInWidth();
    for (const [at, title] of ['Layer by layer', 'Your build context'].entries()) {
      await drydock.panel('Size').getByText(title, { exact: true }).first().evaluate((summary) => summary.scrollIntoView());
      await drydock.screenshot(`size-1024-${scheme}-${at}`);
    }
  });
}
