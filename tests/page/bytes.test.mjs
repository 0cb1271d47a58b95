// What the first view costs to fetch, and what the second piece and the editor add: brotli, the way hosts send it.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { brotliCompressSync, constants } from 'node:zlib';
import { DIST } from './page.mjs';

// KB of 1000 bytes.
const FIRST_VIEW = 250;
const LATER = 440;
const EDITOR = 120;
const TABLES = 60;

const isEditor = (name) => /^editor-[^/]*\.js$/.test(name);
const isLater = (name) => /^later-[^/]*\.wasm$/.test(name);
const isTables = (name) => /^packages-[^/]*\.txt$/.test(name);
// Whatever else the page is made of counts, whether or not it is asked for at once; data that is read later does not.
const isPage = (name) => /\.(html|css|m?js|wasm)$/.test(name) && !isEditor(name) && !isLater(name);

function files() {
  return readdirSync(DIST, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = `${entry.parentPath ?? entry.path}/${entry.name}`;
      const bytes = readFileSync(path);
      const kb = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }).length / 1000;
      return { name: path.slice(DIST.length + 1), raw: bytes.length / 1000, kb };
    })
    .sort((a, b) => b.kb - a.kb);
}

test('the first view, the second piece, the editor and the tables fit their budgets', () => {
  const all = files();
  const sum = (pick) => all.filter(({ name }) => pick(name)).reduce((total, { kb }) => total + kb, 0);
  const row = (name, raw, kb) => console.log(`${name.padEnd(48)} ${raw.padStart(9)} ${kb.padStart(9)}`);
  row('KB', 'raw', 'brotli');
  for (const { name, raw, kb } of all) row(name, raw.toFixed(1), kb.toFixed(1));
  row(`first view, at most ${FIRST_VIEW}`, '', sum(isPage).toFixed(1));
  row(`second piece, at most ${LATER}`, '', sum(isLater).toFixed(1));
  row(`editor, at most ${EDITOR}`, '', sum(isEditor).toFixed(1));
  row(`tables of packages, at most ${TABLES}`, '', sum(isTables).toFixed(1));
  assert.ok(all.some(({ name }) => name.endsWith('.wasm')), 'dist holds no WebAssembly: is it built?');
  assert.ok(sum(isPage) <= FIRST_VIEW, `first view: ${sum(isPage).toFixed(1)} KB, budget ${FIRST_VIEW}`);
  assert.ok(all.some(({ name }) => isLater(name)), 'the program is not cut in two');
  assert.ok(sum(isLater) <= LATER, `second piece: ${sum(isLater).toFixed(1)} KB, budget ${LATER}`);
  assert.ok(sum(isEditor) <= EDITOR, `editor: ${sum(isEditor).toFixed(1)} KB, budget ${EDITOR}`);
  assert.ok(all.some(({ name }) => isTables(name)), 'the tables of packages are missing');
  assert.ok(sum(isTables) <= TABLES, `tables of packages: ${sum(isTables).toFixed(1)} KB, budget ${TABLES}`);
});
