// Applications as learners write them: the image as it is, and the image that Drydock's rewrite makes. Both answer the
// same requests; the rewrite runs without root, is healthy, stops when asked, and is no larger.
//
// Each folder of apps/ is one: a Dockerfile, what it needs, and expect.json, which images never hold:
//   what       the application in a few words
//   port       where it answers, before and after; or output, the lines that it prints
//   requests   path, and what the answer holds: status (200), body (all of it), json (its values), holds (a part)
//   original   refused: why Docker cannot start the image, where it cannot
//   base       what a private base image is made from, as the learner tells Drydock: image=known
//   rewrite    stages: how many; without: programs that are in no bin folder of the image
//
// APPS="fastapi go" node --test tests/images/apps.test.mjs: only these.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { copied, dockerfileOf, rewrite, size, stagesOf } from './drydock.mjs';
import { prepared } from './engine.mjs';
import { HERE, OUT } from './host.mjs';
import { above, compared, measured, without } from './measure.mjs';
import { printed } from './table.mjs';

const GRACE = 10;
const PATIENCE = 60;
const chosen = process.env.APPS?.split(/[ ,]+/);
const apps = readdirSync(`${HERE}apps`).filter((name) => chosen?.includes(name) ?? true);
const rows = [];

let engine, bases;
before(async () => {
  ({ engine, bases } = await prepared());
  mkdirSync(OUT, { recursive: true });
});
after(() => {
  if (!chosen) writeFileSync(`${OUT}apps.json`, JSON.stringify(rows, null, 1));
  process.stdout.write(printed(rows, bases.notes));
});

for (const name of apps) {
  test(name, async (t) => {
    const expected = JSON.parse(readFileSync(`${HERE}apps/${name}/expect.json`, 'utf8'));
    const row = { app: name, what: expected.what, failed: [] };
    rows.push(row);
    const holds = (claim, check) =>
      t.test(claim, async () => {
        try {
          await check();
        } catch (error) {
          row.failed.push(claim);
          throw error;
        }
      });

    const original = copied(`${HERE}apps/${name}`, `${name}/original`);
    const rewritten = copied(`${HERE}apps/${name}`, `${name}/rewrite`);
    row.applied = (await rewrite(rewritten, expected.base)).applied.map((fix) => fix.rule);
    const estimate = await size(original, expected.base);
    let answers;

    await holds(expected.original?.refused ? 'the original does not start' : 'the original builds and answers', async () => {
      row.original = await built(original, `${name}-original`, estimate.before);
      const container = await started(row.original.tag, expected);
      try {
        if (expected.original?.refused) {
          await container.exit;
          assert.equal(container.refused, expected.original.refused);
        } else answers = await answered(container, expected);
      } finally {
        await container.stop(0);
      }
    });

    await holds('the rewrite builds', async () => {
      row.rewrite = await built(rewritten, `${name}-rewrite`, estimate.after);
    });
    if (!row.rewrite) return;
    const { tag } = row.rewrite;

    const container = await started(tag, expected);
    try {
      await holds('the rewrite answers the same', async () => {
        const same = await answered(container, expected);
        if (answers) assert.deepEqual(same, answers);
      });
      if (container.ended === undefined) {
        await holds('it runs without root', async () => assert.notEqual(await container.user(), 0));
        if (expected.port) {
          await holds('its health check passes', async () => {
            assert.notDeepEqual((await engine.inspect(tag)).health, [], 'it has none');
            assert.equal(await container.unhealthy(), undefined);
          });
        }
      }
    } finally {
      const running = container.ended === undefined;
      const seconds = await container.stop(running ? GRACE : 0);
      if (running) await holds(`it stops within ${GRACE} s`, () => assert.ok(seconds !== undefined, 'it had to be killed'));
    }

    await holds('it is no larger', () => {
      assert.ok(row.original, 'there is no original to compare with');
      const [was, is] = [row.original.bytes, row.rewrite.bytes];
      assert.ok(is <= was, `${(was / 1e6).toFixed(1)} MB became ${(is / 1e6).toFixed(1)} MB`);
    });
    for (const [what, wanted] of Object.entries(expected.rewrite ?? {})) {
      await holds(`structure: ${what}`, async () => {
        if (what === 'stages') assert.equal(stagesOf(dockerfileOf(rewritten)).length, wanted);
        else if (what === 'without') {
          // In any folder called bin, on PATH or not.
          const programs = (await engine.paths(tag)).filter((path) => wanted.some((name) => path.endsWith(`/bin/${name}`) || path.endsWith(`/.bin/${name}`)));
          assert.deepEqual(programs, []);
        }
        else assert.fail(`expect.json of ${name}: ${what} is not known`);
      });
    }
  });
}

/** Builds a folder's image: name, bytes in all and above its base, layers with their estimates, seconds. */
async function built(folder, name, estimate) {
  const dockerfile = dockerfileOf(folder);
  await bases.for(dockerfile);
  const tag = `localhost/drydock/${name}`;
  const log = `${OUT}${name}.log`;
  rmSync(log, { force: true });
  const seconds = await engine.build({ context: folder, file: `${folder}/Dockerfile`, tag, log });
  const layers = await measured(engine, tag, dockerfile);
  return { tag, bytes: layers.total, own: above(layers), estimate: without(estimate), layers: compared(layers, estimate), seconds };
}

/** Starts an image. Its port is this machine's: another program may have to let go of it first. */
async function started(image, expected) {
  const { port } = expected;
  const end = Date.now() + PATIENCE * 1000;
  while (port && (await taken(port))) {
    assert.ok(Date.now() < end, `port ${port} of this machine is taken by another program`);
    await pause();
  }
  return engine.start(image, expected);
}

const pause = () => new Promise((done) => setTimeout(done, 200));
const taken = (port) =>
  new Promise((done) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => done(false)).on('connect', () => {
      socket.destroy();
      done(true);
    });
  });

/** What a container says to each request, once it answers at all; or the lines it prints, if it has no port. */
async function answered(container, { port, requests = [], output: lines = [] }) {
  const answers = [];
  for (const { path, status = 200, body, json, holds } of requests) {
    const answer = await asked(container, `http://127.0.0.1:${port}${path}`);
    assert.equal(answer.status, status, path);
    if (body !== undefined) assert.equal(answer.body, body, path);
    if (json !== undefined) assert.deepEqual(answer.json, json, path);
    if (holds) assert.ok(answer.body.includes(holds), `${path}: ${answer.body}`);
    answers.push(answer);
  }
  for (const line of lines) {
    await until(container, () => (container.log.includes(line) ? line : undefined), `does not print: ${line}`);
    answers.push(line);
  }
  return answers;
}

const asked = (container, address) =>
  until(
    container,
    async () => {
      try {
        const response = await fetch(address, { redirect: 'manual', signal: AbortSignal.timeout(10_000) });
        const { status } = response;
        const type = response.headers.get('content-type')?.split(';')[0];
        const text = await response.text();
        // How an error's page looks, and how JSON is spaced, may differ between a development and a production server.
        if (status >= 400 && /html/.test(type)) return { status };
        return /json/.test(type) ? { status, type, json: JSON.parse(text) } : { status, type, body: text };
      } catch {
        return undefined;
      }
    },
    `does not answer at ${address}`,
  );

async function until(container, attempt, complaint) {
  const end = Date.now() + PATIENCE * 1000;
  while (Date.now() < end && container.ended === undefined) {
    const found = await attempt();
    if (found !== undefined) return found;
    await pause();
  }
  assert.fail(`${complaint}; ${container.ended === undefined ? 'it still runs' : `it ended with ${container.ended}`}: ${container.refused ?? container.log.slice(-2000)}`);
}
