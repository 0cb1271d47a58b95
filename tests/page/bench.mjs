// How fast: from a keystroke to the findings on screen, and a thousand files on the command line.
// Every figure stands beside its budget; the native one also beside `cat` of the same files, since machines differ.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DIST, Drydock, launch } from './page.mjs';
import { serve } from './server.mjs';

const KEYSTROKES = 100;
const LINES = 200;
const FILES = 1000;

const print = (what, value, budget) => console.log(`${what.padEnd(80)} ${value.padStart(12)}   ${budget ?? ''}`);
const ms = (value) => `${value.toFixed(1)} ms`;
const judged = (value, most) => `${value <= most ? 'within' : 'OVER'} ${most} ms`;
const percentile = (values, share) => values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1];

/** A file with something to find all over. `salt` makes files differ. */
function dockerfile(lines, salt = 0) {
  const opening = ['FROM python:3.11', '', `WORKDIR /app${salt}`, 'COPY . .', 'RUN pip install -r requirements.txt'];
  const closing = ['CMD ["uvicorn", "main:app", "--reload", "--host", "0.0.0.0"]'];
  const between = Array.from({ length: lines - opening.length - closing.length }, (_, at) =>
    at % 10 === 0 ? `RUN apt-get update && apt-get install -y package${at}` : `ENV SETTING_${at}=${at + salt}`,
  );
  return [...opening, ...between, ...closing, ''].join('\n');
}

/** Each stroke adds or takes a line near the top, so every finding below moves and every row changes. */
async function keystrokes(drydock, { editor, open }) {
  const { page } = drydock;
  await drydock.paste(dockerfile(LINES));
  await page.waitForTimeout(1000);
  if (open) await drydock.openIssue(open);
  await drydock.editor.focus();
  await page.keyboard.press('Control+Home');
  await page.evaluate(() => {
    const panel = document.querySelector('[role=tabpanel][aria-labelledby=tab-issues]');
    let seen = panel.textContent;
    window.strokes = [];
    let from;
    let framed;
    addEventListener(
      // CodeMirror takes Enter and Backspace before they become input events.
      'keydown',
      () => {
        from = performance.now();
        framed = false;
        requestAnimationFrame(() => (framed = true));
      },
      true,
    );
    new MutationObserver(() => {
      if (from === undefined || panel.textContent === seen) return;
      seen = panel.textContent;
      panel.getBoundingClientRect();
      document.body.offsetHeight;
      window.strokes.push({ took: performance.now() - from, late: framed });
      from = undefined;
    }).observe(panel, { subtree: true, childList: true, characterData: true });
  });
  for (let at = 0; at < KEYSTROKES; at += 1) {
    await page.keyboard.press(at % 2 ? 'Backspace' : 'Enter');
    await page.waitForFunction((count) => window.strokes.length > count, at, { timeout: 5000 });
  }
  const strokes = await page.evaluate(() => window.strokes);
  const took = strokes.map((stroke) => stroke.took);
  const what = `keystroke to findings, layout forced, ${LINES} lines, ${editor}${open ? ', an issue open' : ''}`;
  print(`${what}: p50`, ms(percentile(took, 0.5)));
  print(`${what}: p95`, ms(percentile(took, 0.95)), judged(percentile(took, 0.95), 16));
  print('  of these in a later frame than the next', `${strokes.filter((stroke) => stroke.late).length} of ${KEYSTROKES}`);
}

async function browser() {
  const server = await serve(DIST);
  const chromium = await launch();
  try {
    const cases = [{ editor: 'CodeMirror' }, { editor: 'CodeMirror', open: /carries tools nobody runs/ }, { editor: 'plain editor' }];
    for (const one of cases) {
      const context = await chromium.newContext({
        viewport: { width: 1440, height: 900 },
        permissions: ['clipboard-read', 'clipboard-write'],
      });
      const drydock = new Drydock(await context.newPage(), server.address);
      const from = performance.now();
      await drydock.open();
      await drydock.issues();
      if (one === cases[0]) print('page asked for to issues listed, from this machine', ms(performance.now() - from));
      if (one.editor === 'plain editor') await drydock.more('Plain editor');
      else await drydock.codemirror();
      await keystrokes(drydock, one);
      await context.close();
    }
  } finally {
    await chromium.close();
    await server.close();
  }
}

/** The fastest of five runs, in ms. */
function fastest(command, files) {
  const runs = Array.from({ length: 5 }, () => {
    const from = performance.now();
    const { error, status, signal } = spawnSync(command, files, { stdio: ['ignore', 'ignore', 'inherit'] });
    if (error || signal || status > 1) throw error ?? new Error(`${command} ended with ${signal ?? status}`);
    return performance.now() - from;
  });
  return Math.min(...runs);
}

function native() {
  const folder = mkdtempSync(join(tmpdir(), 'drydock-bench-'));
  try {
    const files = Array.from({ length: FILES }, (_, at) => {
      const file = join(folder, `${at}.Dockerfile`);
      writeFileSync(file, dockerfile(15 + (at % 10), at));
      return file;
    });
    const cat = fastest('cat', files);
    const check = fastest('target/release/drydock', ['check', ...files]);
    print(`drydock check, ${FILES} files of 15 to 24 lines`, ms(check), judged(check, 1000));
    print('  beside cat of the same files', ms(cat), `${(check / cat).toFixed(1)} times`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

native();
await browser();
