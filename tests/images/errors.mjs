// Writes how far off the estimates are into src/estimate/README.md: the layers that `make test-images` weighed, estimated
// anew. Fails where that is more than is promised.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dockerfileOf, size, stagesOf } from './drydock.mjs';
import { HERE, OUT } from './host.mjs';

const README = `${HERE}../../src/estimate/README.md`;
// Below this, a layer is noise: accounts, empty folders.
const SMALLEST = 100_000;
const { keepsPipCache, rows: measured } = JSON.parse(readFileSync(`${OUT}layers.json`, 'utf8'));
const withoutPipCache = !keepsPipCache;

/** What the command line says now of the layer of each measured instruction. */
async function estimated(rows) {
  const estimates = new Map();
  for (const { file } of rows) {
    const folder = `${OUT}work/layers/${file}`;
    if (!estimates.has(file) && existsSync(folder)) {
      const instructions = stagesOf(dockerfileOf(folder)).flatMap((stage) => stage.instructions);
      estimates.set(file, { instructions, layers: (await size(folder)).before.layers });
    }
  }
  return rows.flatMap((row) => {
    const { instructions, layers } = estimates.get(row.file);
    const { line } = instructions.find(({ text }) => text === row.instruction);
    const parts = layers.filter((layer) => layer.line === line && !(withoutPipCache && layer.note === "pip's download cache"));
    const sum = (key) => parts.reduce((all, part) => all + part[key], 0);
    return parts.length ? [{ ...row, low: sum('low'), likely: sum('likely'), high: sum('high') }] : [];
  });
}

const rows = (await estimated(measured))
  .filter(({ measured }) => measured >= SMALLEST)
  .map((row) => ({ ...row, error: (row.likely - row.measured) / row.measured, within: row.low <= row.measured && row.measured <= row.high }));

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const percent = (share) => `${(100 * share).toFixed(0)} %`;
const mb = (bytes) => (bytes / 1e6).toFixed(1);
const code = (text) => `\`${(text.length > 90 ? `${text.slice(0, 89)}…` : text).replaceAll('|', '\\|')}\``;
const kind = ({ instruction }) =>
  /apt-get install/.test(instruction) ? 'apt' : /\b(pip|poetry|uv|pipenv)\b/.test(instruction) ? 'Python' : /\b(npm|yarn|pnpm)\b/.test(instruction) ? 'Node' : 'other';

const summary = (name, some) => `| ${name} | ${some.length} | ${percent(median(some.map(({ error }) => Math.abs(error))))} | ${percent(some.filter(({ within }) => within).length / some.length)} |`;
const kinds = [...new Set(rows.map(kind))].sort();
const worst = rows.toSorted((a, b) => Math.abs(b.error) - Math.abs(a.error)).slice(0, 5);
const line = ({ instruction, on, measured, low, likely, high, error }) => `| ${code(instruction)} | ${on} | ${mb(measured)} | ${mb(low)} / ${mb(likely)} / ${mb(high)} | ${error > 0 ? '+' : '−'}${percent(Math.abs(error))} |`;
const table = (heads, lines) => [`| ${heads.join(' | ')} |`, `|${'---|'.repeat(heads.length)}`, ...lines].join('\n');

const day = new Date().toISOString().slice(0, 10);
const text = [
  `Measured on ${day}: ${rows.length} layers of at least 0.1 MB.${withoutPipCache ? ' The package index of this run forbids pip to keep a cache, so none is estimated either.' : ''}`,
  table(['kind', 'layers', 'median error of likely', 'within low to high'], [...kinds.map((name) => summary(name, rows.filter((row) => kind(row) === name))), summary('**all**', rows)]),
  'The five that are furthest off, in MB:',
  table(['layer', 'on', 'measured', 'low / likely / high', 'error'], worst.map(line)),
  'All of them:',
  table(['layer', 'on', 'measured', 'low / likely / high', 'error'], rows.map(line)),
].join('\n\n');
writeFileSync(README, readFileSync(README, 'utf8').replace(/<!-- errors -->[^]*<!-- \/errors -->/, () => `<!-- errors -->\n${text}\n<!-- /errors -->`));
console.log(text.split('\n\n').slice(0, 4).join('\n\n'));

// What Drydock promises of its estimates.
const off = median(rows.map(({ error }) => Math.abs(error)));
const share = rows.filter(({ within }) => within).length / rows.length;
if (rows.length < 25 || off > 0.1 || share < 0.9) {
  console.error('The estimates are further off than promised: at least 25 layers, a median of at most 10 %, and 90 % within low to high.');
  process.exitCode = 1;
}
