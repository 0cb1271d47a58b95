// How fast beside hadolint: both check the same files, the fixtures and the good ones, one process each.
//
// `node tests/bench/hadolint.mjs DRYDOCK HADOLINT`. Ends with status 1 where Drydock is less than 100 times as fast.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const LEAST = 100;
/** One file is read in less time than a program needs to start, so each is there this many times. */
const COPIES = 20;
const RUNS = { drydock: 9, hadolint: 2 };

const [drydock, hadolint] = process.argv.slice(2).map((path) => resolve(path));
const root = resolve(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'drydock-hadolint-'));

/** Every Dockerfile of the tests, with names of their own in a folder without settings of either program. */
function copies() {
  const texts = ['fixtures', 'good'].flatMap((group) =>
    readdirSync(join(root, group)).map((name) => readFileSync(join(root, group, name, 'Dockerfile'))),
  );
  const files = texts.flatMap((text, at) =>
    Array.from({ length: COPIES }, (_, copy) => {
      const file = `${at}-${copy}.Dockerfile`;
      writeFileSync(join(folder, file), text);
      return file;
    }),
  );
  const bytes = COPIES * texts.reduce((sum, text) => sum + text.length, 0);
  return { files, bytes };
}

/** The processor's time of the fastest run, in seconds: what else the machine does counts less in it than in the clock's. */
function fastest(program, args, runs) {
  const script = 'TIMEFORMAT="%3U %3S"; time "$0" "$@" >/dev/null 2>&1';
  const times = Array.from({ length: runs }, () => {
    const { error, status, stderr } = spawnSync('bash', ['-c', script, program, ...args], { cwd: folder, encoding: 'utf8' });
    // Both end with 1 where they have something to say.
    if (error || status > 1) throw error ?? new Error(`${program} ended with ${status}`);
    return stderr.trim().split(' ').reduce((sum, part) => sum + Number(part), 0);
  });
  return Math.min(...times);
}

const report = (what, bytes, seconds) =>
  console.log(`${what.padEnd(28)} ${(seconds * 1000).toFixed(1).padStart(10)} ms ${(bytes / seconds / 1e6).toFixed(2).padStart(10)} MB/s`);

try {
  const { files, bytes } = copies();
  console.log(`${files.length} files, ${Math.round(bytes / 1000)} KB, checked by one process each; the processor's time`);
  const version = spawnSync(hadolint, ['--version'], { encoding: 'utf8' }).stdout.trim().split(' ').at(-1);
  const ours = fastest(drydock, ['check', ...files], RUNS.drydock);
  const theirs = fastest(hadolint, files, RUNS.hadolint);
  report('drydock check', bytes, ours);
  report(`hadolint ${version}`, bytes, theirs);
  const ratio = theirs / ours;
  console.log(`${'throughput'.padEnd(28)} ${ratio.toFixed(0).padStart(10)} times   ${ratio >= LEAST ? 'at least' : 'LESS THAN'} ${LEAST}`);
  if (ratio < LEAST) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}
