// Stand-ins for official base images, made of Debian packages where no registry can be reached. Each is made when a
// Dockerfile first asks for it, and kept until its recipe changes.
//
// node tests/images/bases.mjs IMAGE...: makes these now.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { HERE, KEPT, aptProxy, debianMirror, logged, networkVariables, volumes } from './host.mjs';

const SUITES = `${KEPT}suites`;
const LIBRARIES = {
  bookworm: 'libbluetooth3 libbz2-1.0 libdb5.3 libffi8 libgdbm6 libgdbm-compat4 liblzma5 libncursesw6 libnsl2 libreadline8 libsqlite3-0 libssl3 libtirpc3 libuuid1 zlib1g',
  trixie: 'libbluetooth3 libbz2-1.0 libdb5.3t64 libffi8 libgdbm6t64 libgdbm-compat4t64 liblzma5 libncursesw6 libnsl2 libreadline8t64 libsqlite3-0 libssl3t64 libtirpc3t64 libuuid1 zlib1g',
};
// Recipes that fetch from elsewhere than Debian.
const FETCHING = ['cpython', 'node'];

// Image, recipe, its arguments, and what the stand-in is where its name says otherwise.
const BASES = new Map();
const base = (names, recipe, args = {}, note = '') => {
  for (const name of names) BASES.set(name, { first: names[0], recipe, args, note });
};
base(['localhost/drydock/cpython'], 'cpython');
for (const suite of ['bookworm', 'trixie']) {
  base([`debian:${suite}`, ...(suite === 'trixie' ? ['debian:latest', 'debian:stable'] : [])], 'debian', { ROOT: suite });
  base([`debian:${suite}-slim`, ...(suite === 'trixie' ? ['debian:stable-slim'] : [])], 'debian', { ROOT: `${suite}-slim` });
  base([`buildpack-deps:${suite}-curl`], 'buildpack-curl', { SUITE: suite });
  base([`buildpack-deps:${suite}-scm`], 'buildpack-scm', { SUITE: suite });
  base([`buildpack-deps:${suite}`], 'buildpack-deps', { SUITE: suite });
  const named = (tags) => tags.flatMap((tag) => [...(suite === 'trixie' ? [`python:${tag}`] : []), `python:${tag}-${suite}`]);
  base(named(['3.11']), 'python', { SUITE: suite });
  base(named(['3.11-slim']), 'python-slim', { SUITE: suite, LIBRARIES: LIBRARIES[suite] });
}
const OTHER = 'CPython 3.11: the source of 3.10 is in no archive of Debian that answers';
for (const suite of ['bookworm', 'trixie']) {
  base([`python:3.10-slim-${suite}`, ...(suite === 'trixie' ? ['python:3.10-slim'] : [])], 'python-slim', { SUITE: suite, LIBRARIES: LIBRARIES[suite] }, OTHER);
}
base(
  ['python:3.10-slim-buster', '123456789012.dkr.ecr.us-east-1.amazonaws.com/cruddur-python:3.10-slim-buster'],
  'python-slim',
  { SUITE: 'bookworm', LIBRARIES: LIBRARIES.bookworm },
  `Debian 12, as Debian 10 is in no archive that answers, and on ${OTHER}`,
);
for (const [major, suite, npm] of [['18', 'bookworm', '10.8.2'], ['20', 'trixie', '10.8.2']]) {
  const common = { SUITE: suite, NPM: npm };
  base([`node:${major}`, `node:${major}-${suite}`], 'node', { ...common, BELOW: `buildpack-deps:${suite}` });
  base([`node:${major}-slim`, `node:${major}-${suite}-slim`], 'node', { ...common, BELOW: `debian:${suite}-slim` });
}
base(['golang:1.24', 'golang:1.24-trixie'], 'golang', { SUITE: 'trixie', VERSION: '1.24' });
base(['rust:1', 'rust:latest', 'rust:1-trixie'], 'rust', { SUITE: 'trixie' });
base(['nginx:stable', 'nginx:latest'], 'nginx', { SUITE: 'trixie' });
base(['nginxinc/nginx-unprivileged:stable', 'nginxinc/nginx-unprivileged:latest'], 'nginx-unprivileged');
for (const [number, suite] of [['12', 'bookworm'], ['13', 'trixie']]) {
  for (const [name, packages] of [['static', ''], ['base', 'libc6 libssl3'], ['cc', 'libc6 libssl3 libgcc-s1 libstdc++6 libgomp1']]) {
    const own = suite === 'trixie' ? packages.replace('libssl3', 'libssl3t64') : packages;
    const named = (tag) => `gcr.io/distroless/${name}-debian${number}:${tag}`;
    base([named('latest')], 'distroless', { SUITE: suite, PACKAGES: own, NUMBER: '0' });
    base([named('nonroot')], 'distroless', { SUITE: suite, PACKAGES: own, NUMBER: '65532' });
  }
}

/** The images that a Dockerfile builds on, with the defaults of its ARGs filled in. */
export function imagesOf(dockerfile, given = {}) {
  const values = { ...given };
  const stages = new Set();
  const images = [];
  for (const [, word, rest] of dockerfile.replace(/\\\r?\n/g, ' ').matchAll(/^\s*(ARG|FROM|COPY)\s+(.*)$/gim)) {
    if (/^arg$/i.test(word) && images.length === 0) {
      const [, name, value] = /^(\w+)(?:=["']?([^"'\s]*))?/.exec(rest) ?? [];
      values[name] ??= value;
    }
    if (/^from$/i.test(word)) {
      const words = rest.split(/\s+/).filter((part) => part && !part.startsWith('--'));
      const image = words[0].replace(/\$\{?(\w+)\}?/g, (_, name) => values[name] ?? '');
      if (image !== 'scratch' && !stages.has(image.toLowerCase())) images.push(image);
      if (words[2]) stages.add(words[2].toLowerCase());
    }
    const from = /^copy$/i.test(word) && /--from=(\S+)/.exec(rest)?.[1];
    if (from && !/^\d+$/.test(from) && !stages.has(from.toLowerCase())) images.push(from);
  }
  return [...new Set(images)];
}

const short = (image) => image.replace(/^docker\.io\/(library\/)?/, '');
const full = (image) => (/^(localhost|[^/]+\.[^/]+)\//.test(image) ? image : image.includes('/') ? `docker.io/${image}` : `docker.io/library/${image}`);
const hash = (...parts) => createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 16);

export class Bases {
  #engine;
  #ready = new Map();
  /** Lines about stand-ins that differ from what their name says. */
  notes = new Set();

  /** `pulls`: a registry answers, so that only private images need a stand-in. */
  constructor(engine, pulls) {
    this.#engine = engine;
    this.pulls = pulls;
  }

  /** Makes what a Dockerfile builds on. */
  async for(dockerfile) {
    for (const image of imagesOf(dockerfile)) await this.ready(image);
  }

  /** Makes a base, and those below it, unless it is there. Gives its recipe's fingerprint. */
  ready(image) {
    const name = short(image);
    if (!this.#ready.has(name)) this.#ready.set(name, this.#make(name));
    return this.#ready.get(name);
  }

  async #make(name) {
    const about = BASES.get(name);
    if (this.pulls) {
      // Nobody else may fetch from a private registry: there the public image takes its name.
      if (about && name.includes('.amazonaws.com/')) await this.#engine.tag(full(about.first), name);
      return '';
    }
    if (!about) throw new Error(`no registry answers, and there is no stand-in for ${name} (tests/images/bases.mjs has the list)`);
    if (about.note) this.notes.add(`${name} stands on ${about.note}`);
    const file = `${HERE}bases/${about.recipe}.Dockerfile`;
    const text = readFileSync(file, 'utf8');
    const below = [];
    for (const image of imagesOf(text, about.args)) below.push(await this.ready(image));
    const variables = networkVariables();
    const key = hash(text, JSON.stringify([about.args, variables]), ...below);
    const known = await this.#engine.inspect(full(name));
    if (known?.labels['drydock.recipe'] === key) return key;
    const made = await this.#engine.inspect(full(about.first));
    if (made?.labels['drydock.recipe'] !== key) {
      process.stderr.write(`== Making a stand-in for ${about.first}: once\n`);
      await this.#build(about, file, text, variables, key);
    }
    if (name !== about.first) await this.#engine.tag(full(about.first), full(name));
    return key;
  }

  async #build({ first, recipe, args }, file, text, variables, key) {
    const log = `${KEPT}${first.replace(/[^\w.]+/g, '-')}.log`;
    // Where this machine's certificates are seen, a base's own would be lost: only those see them that fetch by HTTPS.
    const sees = FETCHING.includes(recipe) || debianMirror().startsWith('https:') ? volumes() : [];
    const common = { tag: full(first), args, labels: { 'drydock.recipe': key }, sees, log };
    if (recipe !== 'debian') {
      await this.#engine.build({ ...common, context: `${HERE}bases`, file });
      return;
    }
    // The one recipe that starts from nothing carries the network's variables: all others stand on it.
    await suite(args.ROOT.replace('-slim', ''));
    const settings = Object.entries(variables).map(([name, value]) => `ENV ${name}="${value}"\n`);
    writeFileSync(`${SUITES}/Dockerfile`, text + settings.join(''));
    await this.#engine.build({ ...common, context: SUITES, file: `${SUITES}/Dockerfile` });
  }
}

/** Debian's files for a suite, made once. */
async function suite(name) {
  if (existsSync(`${SUITES}/${name}-slim.tar`)) return;
  mkdirSync(SUITES, { recursive: true });
  const proxy = aptProxy();
  if (proxy) writeFileSync(`${SUITES}/apt.conf`, `${proxy}\n`);
  await logged(`${SUITES}/${name}.log`, 'nice', ['-n', '10', `${HERE}bases/suite.sh`, name, debianMirror(), SUITES]);
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const { Buildah } = await import('./buildah.mjs');
  const bases = new Bases(new Buildah(), false);
  for (const image of process.argv.slice(2)) await bases.ready(image);
}
