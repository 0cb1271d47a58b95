// What the command line makes of an application's folder: its rewrite, and what it says that both weigh.

import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { HERE, OUT, output } from './host.mjs';

const DRYDOCK = process.env.DRYDOCK ?? `${HERE}../../target/release/drydock`;
const OTHERS = ['go.mod', 'pyproject.toml', 'Pipfile', 'Cargo.toml', 'pnpm-workspace.yaml', '.yarnrc.yml', 'manage.py', 'vite.config.js', 'nginx.conf'];
const BESIDE = { '.dockerignore': '--dockerignore', 'requirements.txt': '--requirements', 'package.json': '--package-json', ...Object.fromEntries(OTHERS.map((name) => [name, '--beside'])) };

const asked = (folder, base) => [
  ...Object.entries(BESIDE).flatMap(([name, option]) => (existsSync(`${folder}/${name}`) ? [option, `${folder}/${name}`] : [])),
  ...(base ? ['--base', base] : []),
];
const answer = async (...args) => JSON.parse(await output(DRYDOCK, args));

/** Copies a folder without what is only for the tests, and gives the copy's path. A lesson's application has the fixture's Dockerfile. */
export function copied(folder, name) {
  const copy = `${OUT}work/${name}`;
  rmSync(copy, { recursive: true, force: true });
  mkdirSync(copy, { recursive: true });
  cpSync(folder, copy, { recursive: true, filter: (path) => !path.endsWith('/expect.json') });
  const lesson = `${HERE}../fixtures/${basename(folder)}/Dockerfile`;
  if (!existsSync(`${copy}/Dockerfile`) && existsSync(lesson)) cpSync(lesson, `${copy}/Dockerfile`);
  return copy;
}

/** Rewrites the Dockerfile of a folder, with the files that the rewrite brings. Gives what was applied and skipped. */
export async function rewrite(folder, base) {
  const done = await answer('fix', '--all', '--format', 'json', ...asked(folder, base), `${folder}/Dockerfile`);
  for (const [name, text] of Object.entries({ Dockerfile: done.text, ...done.files })) writeFileSync(`${folder}/${name}`, text);
  return done;
}

/** The estimate of a Dockerfile and of its rewrite: totals and layers, in bytes. */
export const size = (folder, base) => answer('size', '--format', 'json', ...asked(folder, base), `${folder}/Dockerfile`);

/** The instructions of a Dockerfile, stage by stage: line from 1, word, text in one line, and what the stage is built on. */
export function stagesOf(dockerfile) {
  const stages = [];
  let open;
  for (const [at, raw] of dockerfile.split('\n').entries()) {
    const line = raw.trimEnd();
    if (!line.trim() || line.trim().startsWith('#')) continue;
    if (!open) open = { line: at + 1, text: '' };
    open.text += line.replace(/\\$/, '').trim() + ' ';
    if (line.endsWith('\\')) continue;
    const { line: first, text } = open;
    open = undefined;
    const word = text.split(/\s/, 1)[0].toUpperCase();
    if (word === 'FROM') {
      const words = text.trim().split(/\s+/).slice(1).filter((part) => !part.startsWith('--'));
      stages.push({ on: words[0], name: words[2]?.toLowerCase(), instructions: [] });
    } else stages.at(-1)?.instructions.push({ line: first, word, text: text.trim() });
  }
  return stages;
}

export const dockerfileOf = (folder) => readFileSync(`${folder}/Dockerfile`, 'utf8');
