// Builds and runs images with Buildah: as root, without a daemon, and without a network of the container's own.

import { spawn } from 'node:child_process';
import { closeSync, existsSync, fchmodSync, mkdirSync, openSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { KEPT, lastWords, logged, output, volumes } from './host.mjs';

const STORE = `${KEPT}storage`;
const GLOBAL = ['--root', STORE, '--runroot', `${KEPT}run`, '--storage-driver', 'overlay'];
const SETTINGS = { CONTAINERS_REGISTRIES_CONF: `${KEPT}registries.conf`, BUILDAH_ISOLATION: 'chroot' };
// Layers of earlier builds are kept as long as this many bytes of the disk are free.
const ROOM = 10e9;

export class Buildah {
  name = 'buildah';
  /** Whether bases that are missing may be fetched. */
  pulls = false;
  #sizes = new Map();

  constructor() {
    mkdirSync(KEPT, { recursive: true });
    writeFileSync(SETTINGS.CONTAINERS_REGISTRIES_CONF, 'unqualified-search-registries = ["docker.io"]\nshort-name-mode = "disabled"\n');
    this.env = { ...process.env, ...SETTINGS };
  }

  /** Where the disk is nearly full, gives up what earlier runs left half done and the layers that no image needs. */
  async makeRoom() {
    const { bavail, bsize } = statfsSync(KEPT);
    if (bavail * bsize > ROOM) return;
    await this.#says('rm', '--all');
    await this.#says('rmi', '--prune');
  }

  async #says(...args) {
    return (await output('buildah', [...GLOBAL, ...args], { env: this.env })).trim();
  }

  /** Builds the Dockerfile `file` of a folder, which `sees` volumes of this machine. Gives seconds. */
  async build({ context, file, tag, args = {}, labels = {}, sees = volumes(), log }) {
    const options = [
      // A build that fails leaves nothing mounted either.
      ...['bud', '--format', 'docker', '--isolation', 'chroot', '--layers', '--force-rm', this.pulls ? '--pull=false' : '--pull-never'],
      ...sees.flatMap((volume) => ['--volume', volume]),
      ...Object.entries(args).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
      ...Object.entries(labels).flatMap(([name, value]) => ['--label', `${name}=${value}`]),
      ...['-t', tag, '-f', file, context],
    ];
    return logged(log, 'nice', ['-n', '10', 'buildah', ...GLOBAL, ...options], { env: this.env });
  }

  /** Gives an image another name, fetching it first where it is not there. */
  async tag(image, name) {
    if (!(await this.inspect(image))) await this.#says('pull', image);
    await this.#says('tag', image, name);
  }

  /** What the image says of itself, or nothing if there is none of that name. */
  async inspect(image) {
    let text;
    try {
      text = await this.#says('inspect', '--type', 'image', image);
    } catch {
      return undefined;
    }
    const { Docker: docker, FromImageID: id } = JSON.parse(text);
    const config = docker.config ?? {};
    return {
      id,
      user: config.User || 'root',
      env: config.Env ?? [],
      start: [...(config.Entrypoint ?? []), ...(config.Cmd ?? [])],
      workdir: config.WorkingDir || '/',
      health: config.Healthcheck?.Test ?? [],
      stopSignal: config.StopSignal || 'SIGTERM',
      labels: config.Labels ?? {},
      history: (docker.history ?? []).map((step) => ({ by: step.created_by ?? '', empty: step.empty_layer === true })),
    };
  }

  /** The layers from the lowest up: bytes of the files in each, as Docker counts them. */
  async layers(image) {
    const { id } = await this.inspect(image);
    const read = (path) => JSON.parse(readFileSync(`${STORE}/${path}`, 'utf8'));
    const parents = new Map(read('overlay-layers/layers.json').map((layer) => [layer.id, layer.parent]));
    const chain = [];
    for (let at = read('overlay-images/images.json').find((known) => known.id === id).layer; at; at = parents.get(at)) chain.unshift(at);
    // Most layers are those of a base that many images share.
    for (const layer of chain) this.#sizes.set(layer, this.#sizes.get(layer) ?? (await weighed(`${STORE}/overlay/${layer}/diff`)));
    return chain.map((layer) => this.#sizes.get(layer));
  }

  /** The paths of all its files, without folders. */
  async paths(image) {
    const container = await this.#says('from', '--pull-never', image);
    try {
      const root = await this.#says('mount', container);
      return (await output('find', [root, '-not', '-type', 'd', '-printf', '/%P\\n'])).split('\n').filter(Boolean);
    } finally {
      await this.#says('umount', container);
      await this.#says('rm', container);
    }
  }

  /** Starts the image's own command with PID 1 of its own. */
  async start(image) {
    const about = await this.inspect(image);
    const container = await this.#says('from', '--pull-never', image);
    return new Container(about, container, await this.#says('mount', container), (...args) => this.#says(...args));
  }
}

class Container {
  /** How the program ended: its exit status or the signal's name. */
  ended;
  #child;
  #log;

  constructor(about, name, root, says) {
    Object.assign(this, { about, name, root, says });
    const [uid, gid, home] = ids(root, about.user);
    const variables = { HOME: home, ...Object.fromEntries(about.env.map((entry) => entry.split(/=(.*)/s).slice(0, 2))) };
    // What Docker mounts; then the program takes the shell's place and its process number.
    const begin = [
      `mount -t proc proc '${root}/proc' && mount --rbind /dev '${root}/dev' && mount -t tmpfs tmpfs '${root}/dev/shm'`,
      `exec env -i "$@"`,
    ];
    const inside = ['/usr/bin/unshare', `--root=${root}`, `--wd=${about.workdir}`, '--setgid', gid, '--setuid', uid, '--', ...about.start];
    const settings = Object.entries(variables).map(([key, value]) => `${key}=${value}`);
    for (const folder of ['proc', 'dev']) mkdirSync(`${root}/${folder}`, { recursive: true });
    const fresh = ['--mount', '--pid', '--fork', '--kill-child'];
    // A file that the program's user may open as /dev/stdout; a socket, which is what Node would make, can never be.
    this.#log = `${KEPT}${name}.log`;
    const log = openSync(this.#log, 'a+');
    fchmodSync(log, 0o666);
    this.#child = spawn('unshare', [...fresh, 'sh', '-c', begin.join('\n'), 'sh', ...settings, ...inside], { stdio: ['ignore', log, log] });
    closeSync(log);
    this.exit = new Promise((done) => this.#child.on('close', (code, signal) => done((this.ended = signal ?? code))));
  }

  /** What it printed so far. */
  get log() {
    return existsSync(this.#log) ? readFileSync(this.#log, 'utf8') : '';
  }

  /** Why the program could not be started at all, in Docker's words. */
  get refused() {
    const missing = /^unshare: failed to execute (.*): (.*)$/m.exec(this.log);
    if (!missing) return undefined;
    const [, program, reason] = missing;
    return reason === 'No such file or directory' && !program.includes('/') ? `exec: "${program}": executable file not found in $PATH` : `exec: "${program}": ${reason}`;
  }

  /** The user that the program runs as: its number. */
  user() {
    return Number(/^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${this.#first()}/status`, 'utf8'))[1]);
  }

  /** Runs the image's health check once. Gives nothing if it passed, else what it said. */
  async unhealthy() {
    const [form, ...words] = this.about.health;
    const command = form === 'CMD-SHELL' ? ['/bin/sh', '-c', ...words] : words;
    try {
      await this.says('run', '--isolation', 'chroot', this.name, '--', ...command);
    } catch (error) {
      return lastWords(error.message);
    }
  }

  #first() {
    const { pid } = this.#child;
    return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0]);
  }

  /** Asks it to stop as `docker stop` does. Gives seconds, or nothing if it had to be killed. */
  async stop(grace = 10) {
    const started = Date.now();
    let timer;
    if (this.ended === undefined && grace > 0) {
      process.kill(this.#first(), this.about.stopSignal);
      await Promise.race([this.exit, new Promise((done) => (timer = setTimeout(done, grace * 1000)))]);
      clearTimeout(timer);
    }
    const stopped = this.ended !== undefined;
    if (!stopped) process.kill(this.#first(), 'SIGKILL');
    await this.exit;
    await this.says('umount', this.name);
    await this.says('rm', this.name);
    rmSync(this.#log);
    return stopped ? (Date.now() - started) / 1000 : undefined;
  }
}

/** Bytes of the files in a folder. A file with two names is there once. */
async function weighed(folder) {
  const found = await output('find', [folder, '!', '-type', 'd', '-printf', '%i %s\\n']);
  const files = new Map(found.trim().split('\n').filter(Boolean).map((line) => line.split(' ')));
  return [...files.values()].reduce((sum, size) => sum + Number(size), 0);
}

/** User and group numbers of `USER`, and its home, as the image's own files name them. */
function ids(root, user) {
  const [name, group] = user.split(':');
  const rows = (file) => (existsSync(`${root}/etc/${file}`) ? readFileSync(`${root}/etc/${file}`, 'utf8').split('\n').map((line) => line.split(':')) : []);
  const own = rows('passwd').find((row) => row[0] === name || row[2] === name);
  const gid = group ? (rows('group').find((row) => row[0] === group)?.[2] ?? group) : (own?.[3] ?? '0');
  return [own?.[2] ?? name, gid, own?.[5] ?? '/'];
}
