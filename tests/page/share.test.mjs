// Links: what they carry, what they leave alone, and what happens to a damaged one.

import assert from 'node:assert/strict';
import { deflateRawSync } from 'node:zlib';
import { learner } from './page.mjs';

const MINE = 'FROM alpine:3.20\nCMD ["echo", "é🎯"]\n';

learner('a link brings the file to somebody else', async (drydock) => {
  await drydock.paste(MINE);
  await drydock.reads(/alpine/);
  const link = await drydock.share();
  assert.ok(link.startsWith(`${drydock.address}#`), 'everything stands behind the #');

  const other = await drydock.page.context().browser().newContext();
  const page = await other.newPage();
  await page.goto(link);
  const box = page.getByRole('textbox', { name: 'Dockerfile', exact: true });
  await page.getByText('This file came with a link').waitFor();
  await page.locator('.cm-content').waitFor();
  assert.match(await box.innerText(), /é🎯/);
  await other.close();
});

learner('opening a link leaves the own file as it was', async (drydock) => {
  const link = await drydock.share();
  await drydock.paste(MINE);
  await drydock.reads(/alpine/);
  await drydock.page.goto(link);
  await drydock.reads(/^FROM python:3\.11$/m);
  await drydock.press('Back to your file');
  await drydock.reads(/alpine/);
});

learner('a link for an exercise hides fixes and the rewrite', async (drydock) => {
  const link = await drydock.share({ exercise: true });
  await drydock.paste(MINE);
  await drydock.reads(/alpine/);
  await drydock.page.goto(link);
  await drydock.sees(/as an exercise/);
  await drydock.openIssue(/root/);
  assert.equal(await drydock.page.getByRole('button', { name: /^Fix/ }).count(), 0);
  assert.equal(await drydock.page.getByRole('button', { name: 'See the rewrite' }).count(), 0);
  await drydock.tab('Rewrite');
  await drydock.sees('Fixes are hidden');
});

const damaged = ['#v1=', '#v1=AAAA', '#v1=%%%', '#v1=not base64 at all', '#v1=AAAA&fixes=off'];
for (const hash of damaged) {
  learner(`a damaged link says so: ${hash}`, { hash }, async (drydock) => {
    await drydock.sees(/This link is damaged/);
    await drydock.reads(/^FROM python:3\.11$/m);
    assert.ok((await drydock.issues()).length >= 3);
  });
}

const huge = deflateRawSync(Buffer.alloc(30_000_000, 'x')).toString('base64url');
learner('a link that unfolds to too much says so', { hash: `#v1=${huge}` }, async (drydock) => {
  await drydock.sees(/more than 1 MB/);
  await drydock.reads(/^FROM python:3\.11$/m);
});

learner('a link of a later version says so', { hash: '#v9=AAAA' }, async (drydock) => {
  await drydock.sees(/newer Drydock/);
});

learner('a secret is pointed out before it is shared', async (drydock) => {
  await drydock.type('\nENV API_KEY=sk_live_1234567890abcdef\n');
  await drydock.reads(/API_KEY/);
  await drydock.press('Share');
  await drydock.sees(/what looks like a secret/);
});
