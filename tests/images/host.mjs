// What this machine's network asks of a build: certificates, mirrors, proxies. Nothing of it is written into the repository.

import { execFile, execFileSync, spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const HERE = fileURLToPath(new URL('.', import.meta.url));
/** Bases, images and the tools' settings; kept between runs. */
export const KEPT = fileURLToPath(new URL('../../.tools/images/', import.meta.url));
/** What a run leaves: logs, rewritten folders, measurements. */
export const OUT = `${HERE}out/`;

const CERTIFICATES = '/etc/ssl/certs';
// Variables that tell a program where to fetch from, and whom to trust there.
const NETWORK =
  /^(SSL_CERT_(FILE|DIR)|NODE_EXTRA_CA_CERTS|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|GIT_SSL_CAINFO|PIP_(CERT|INDEX_URL|EXTRA_INDEX_URL|TRUSTED_HOST|DEFAULT_TIMEOUT)|UV_(INDEX|DEFAULT_INDEX|INDEX_URL)|npm_config_(registry|cafile)|YARN_.*REGISTRY.*|GOPROXY|GOSUMDB|GONOSUMDB|CARGO_(HTTP|REGISTRIES|SOURCE)_.*|https?_proxy|no_proxy|all_proxy)$/i;

/** Ends everything with one line that says what is needed. */
export function stop(line) {
  process.stderr.write(`Drydock: ${line}\n`);
  process.exit(1);
}

const answer = (program, ...args) => {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: 20_000 }).trim();
  } catch {
    return '';
  }
};
export const has = (program) => answer('sh', '-c', `command -v ${program}`) !== '';

/** The variables that builds and stand-in bases get, by name. */
export function networkVariables() {
  const found = Object.fromEntries(Object.entries(process.env).filter(([name, value]) => NETWORK.test(name) && value));
  const index = answer('python3', '-m', 'pip', 'config', 'get', 'global.index-url');
  if (index) found.PIP_INDEX_URL ??= index;
  const registry = answer('npm', 'config', 'get', 'registry');
  if (registry && registry !== 'https://registry.npmjs.org/') found.npm_config_registry ??= registry;
  const bundle = found.SSL_CERT_FILE ?? found.REQUESTS_CA_BUNDLE ?? found.NODE_EXTRA_CA_CERTS;
  // Programs that ask another variable, or none of those, are told too.
  if (bundle?.startsWith(CERTIFICATES)) {
    for (const name of ['SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE', 'NODE_EXTRA_CA_CERTS', 'PIP_CERT']) found[name] ??= bundle;
  }
  // A path that a build cannot see would only stop its tools.
  return Object.fromEntries(Object.entries(found).filter(([, value]) => !value.startsWith('/') || value.startsWith(CERTIFICATES)));
}

/** Folders and files that builds see, as `--volume` has them. Changes to the certificates end with each step. */
export function volumes() {
  const own = Object.values(networkVariables()).some((value) => value.startsWith(CERTIFICATES));
  const cargo = `${process.env.CARGO_HOME ?? `${process.env.HOME}/.cargo`}/config.toml`;
  const elsewhere = existsSync(cargo) && /^\[source\b/m.test(readFileSync(cargo, 'utf8'));
  return [...(own ? [`${CERTIFICATES}:${CERTIFICATES}:O`] : []), ...(elsewhere ? [`${cargo}:/usr/local/cargo/config.toml:ro`] : [])];
}

/** Debian's archive as this machine reaches it. */
export function debianMirror() {
  const folder = '/etc/apt/sources.list.d';
  const lists = existsSync(folder) ? readdirSync(folder).map((name) => `${folder}/${name}`) : [];
  const text = ['/etc/apt/sources.list', ...lists].filter((path) => existsSync(path)).map((path) => readFileSync(path, 'utf8'));
  const used = text.join('\n').replace(/^\s*#.*$/gm, '');
  return /https?:\/\/\S+\/debian(?=[\s/]|$)/.exec(used)?.[0] ?? 'http://deb.debian.org/debian';
}

/** apt's proxy, as a line for apt.conf, or nothing. */
export const aptProxy = () => answer('apt-config', 'dump', 'Acquire::http::Proxy', 'Acquire::https::Proxy');

/** The HTTP status of an address, or 0. curl is asked first, as it knows about proxies. */
async function status(address) {
  if (has('curl')) return Number(answer('curl', '-sI', '-m', '8', '-o', '/dev/null', '-w', '%{http_code}', address));
  try {
    return (await fetch(address, { method: 'HEAD', signal: AbortSignal.timeout(8000) })).status;
  } catch {
    return 0;
  }
}
/** Whether Docker Hub answers. */
export const registryAnswers = async () => [200, 401].includes(await status('https://registry-1.docker.io/v2/'));
/** Whether Debian's archive answers. */
export const debianAnswers = async () => (await status(`${debianMirror()}/dists/bookworm/Release`)) === 200;

const execute = promisify(execFile);
/** Runs a program and gives what it printed. Failing, the error's message holds what it said last. */
export async function output(program, args, options = {}) {
  try {
    const { stdout } = await execute(program, args, { maxBuffer: 1 << 28, ...options });
    return stdout;
  } catch (error) {
    throw new Error(`${program} ${args.join(' ')}: ${lastWords(`${error.stdout ?? ''}${error.stderr ?? error.message}`)}`);
  }
}

/** The last lines of a log, and those before it that name an error. */
export const lastWords = (log) => log.trim().split('\n').slice(-12).join('\n');

/** Runs a program with its output in a file. Gives seconds; failing, the error ends with the log's last lines. */
export async function logged(path, program, args, options = {}) {
  mkdirSync(dirname(path), { recursive: true });
  const log = createWriteStream(path, { flags: 'a' });
  const started = Date.now();
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const code = await new Promise((done, failed) => child.on('close', done).on('error', failed));
  await new Promise((done) => log.end(done));
  if (code !== 0) throw new Error(`${program} ended with ${code}:\n${lastWords(readFileSync(path, 'utf8'))}\n(all of it: ${path})`);
  return (Date.now() - started) / 1000;
}
