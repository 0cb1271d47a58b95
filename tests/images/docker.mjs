// Builds and runs images with Docker or Podman, which take the same arguments.

import { lastWords, logged, output, volumes } from './host.mjs';

export class Docker {
  constructor(program) {
    this.name = program;
  }

  #says(...args) {
    return output(this.name, args);
  }

  /** Builds the Dockerfile `file` of a folder. Gives seconds. */
  build({ context, file, tag, args = {}, labels = {}, log }) {
    // Docker's builds see no folders of the host; its daemon has proxies and mirrors of its own.
    const seen = this.name === 'podman' ? volumes().flatMap((volume) => ['--volume', volume]) : [];
    const options = [
      ...Object.entries(args).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
      ...Object.entries(labels).flatMap(([name, value]) => ['--label', `${name}=${value}`]),
      ...(this.name === 'podman' ? ['--format', 'docker', '--layers'] : []),
    ];
    return logged(log, this.name, ['build', ...seen, ...options, '-t', tag, '-f', file, context]);
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
      text = await this.#says('image', 'inspect', image);
    } catch {
      return undefined;
    }
    const [{ Id: id, Config: config, HealthCheck: health }] = JSON.parse(text);
    return {
      id,
      user: config.User || 'root',
      start: [...(config.Entrypoint ?? []), ...(config.Cmd ?? [])],
      health: (config.Healthcheck ?? health)?.Test ?? [],
      labels: config.Labels ?? {},
      history: (await this.#history(image)).map(({ by, size }) => ({ by, empty: size === 0 })),
    };
  }

  async #history(image) {
    const rows = await this.#says('history', '--no-trunc', '--human=false', '--format', '{{.Size}}\t{{.CreatedBy}}', image);
    const parsed = rows.trim().split('\n').map((row) => row.split('\t'));
    return parsed.reverse().map(([size, by]) => ({ by, size: Number.parseInt(size, 10) }));
  }

  /** The layers from the lowest up: bytes of the files in each. */
  async layers(image) {
    return (await this.#history(image)).map(({ size }) => size).filter((size) => size > 0);
  }

  /** The paths of all its files, without folders. */
  async paths(image) {
    const container = (await this.#says('create', image)).trim();
    try {
      const files = await output('sh', ['-c', '"$0" export "$1" | tar -t', this.name, container]);
      return files.split('\n').filter((path) => path && !path.endsWith('/')).map((path) => `/${path}`);
    } finally {
      await this.#says('rm', container);
    }
  }

  /** Starts the image's own command. */
  async start(image, { port }) {
    const about = await this.inspect(image);
    const published = port ? ['-p', `127.0.0.1:${port}:${port}`] : [];
    const name = (await this.#says('create', ...published, image)).trim();
    const container = new Container(this.name, name, about);
    await container.begin();
    return container;
  }
}

class Container {
  log = '';
  /** How the program ended: its exit status. */
  ended;
  /** Why the program could not be started at all. */
  refused;

  constructor(program, name, about) {
    Object.assign(this, { program, name, about });
    this.exit = new Promise((done) => (this.finished = done));
  }

  #says(...args) {
    return output(this.program, args);
  }

  async begin() {
    try {
      await this.#says('start', this.name);
    } catch (error) {
      this.refused = /exec: "[^"]*": executable file not found in \$PATH/.exec(error.message)?.[0] ?? lastWords(error.message);
      this.finished((this.ended = 127));
      return;
    }
    this.watching = this.#watch();
  }

  /** Keeps the log and the end up to date. */
  async #watch() {
    while (this.ended === undefined) {
      this.log = await this.#says('logs', this.name);
      const [running, status] = (await this.#says('inspect', '--format', '{{.State.Running}} {{.State.ExitCode}}', this.name)).trim().split(' ');
      if (running === 'false') this.finished((this.ended = Number(status)));
      else await new Promise((done) => setTimeout(done, 200));
    }
  }

  /** The user that the program runs as: its number on the host. */
  async user() {
    return Number((await this.#says('top', this.name, ...(this.program === 'podman' ? ['huser'] : ['-eo', 'uid']))).trim().split('\n')[1]);
  }

  /** Runs the image's health check once. Gives nothing if it passed, else what it said. */
  async unhealthy() {
    const [form, ...words] = this.about.health;
    try {
      await this.#says('exec', this.name, ...(form === 'CMD-SHELL' ? ['/bin/sh', '-c', ...words] : words));
    } catch (error) {
      return lastWords(error.message);
    }
  }

  /** Asks it to stop. Gives seconds, or nothing if it had to be killed. */
  async stop(grace = 10) {
    const started = Date.now();
    if (this.ended === undefined) await this.#says('stop', '-t', String(grace), this.name);
    await this.exit;
    await this.watching;
    await this.#says('rm', this.name);
    // 128 + SIGKILL
    return this.ended === 137 ? undefined : (Date.now() - started) / 1000;
  }
}
