// Layers of many kinds, built only to be weighed beside their estimates. Bases are not weighed: here they may be stand-ins.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { copied, size } from './drydock.mjs';
import { prepared } from './engine.mjs';
import { HERE, OUT } from './host.mjs';
import { compared, measured } from './measure.mjs';

const files = readdirSync(`${HERE}layers`).filter((name) => name.endsWith('.Dockerfile'));
const rows = [];
// A package index may forbid pip to keep anything: then there is nothing to compare its cache with.
let keepsPipCache = false;

let engine, bases;
before(async () => ({ engine, bases } = await prepared()));
after(() => {
  mkdirSync(OUT, { recursive: true });
  writeFileSync(`${OUT}layers.json`, JSON.stringify({ keepsPipCache, rows }, null, 1));
  const within = rows.filter(({ measured: bytes, low, high }) => low !== null && low <= bytes && bytes <= high);
  process.stdout.write(`\n${within.length} of ${rows.length} layers weigh what was estimated (tests/images/out/layers.json has them all).\n`);
});

for (const file of files) {
  test(`layers: ${file}`, async () => {
    const name = file.replace('.Dockerfile', '');
    const folder = copied(`${HERE}layers/context`, `layers/${name}`);
    const text = readFileSync(`${HERE}layers/${file}`, 'utf8');
    writeFileSync(`${folder}/Dockerfile`, text);
    await bases.for(text);
    const log = `${OUT}layers-${name}.log`;
    rmSync(log, { force: true });
    const tag = `localhost/drydock/layers-${name}`;
    await engine.build({ context: folder, file: `${folder}/Dockerfile`, tag, log });
    const layers = await measured(engine, tag, text);
    assert.notEqual(layers.own.length, 0);
    if (name === 'pip-cached') keepsPipCache = (await engine.paths(tag)).some((path) => /\/\.cache\/pip\/http/.test(path));
    const { before: estimate } = await size(folder);
    rows.push(...compared(layers, estimate).map((row) => ({ file: name, ...row })));
  });
}
