// Nothing a learner wrote is lost: reloads, samples, files from disk, and forgetting on purpose.

import assert from 'node:assert/strict';
import { learner } from './page.mjs';

const MINE = 'FROM node:20-alpine\nWORKDIR /srv\nCMD ["node", "server.js"]\n';

learner('a reload brings the text back', async (drydock) => {
  await drydock.paste(MINE);
  await drydock.reads(/node:20-alpine/);
  await drydock.reload();
  await drydock.reads(/node:20-alpine/);
});

learner('samples can be looked at, and the own file waits', async (drydock) => {
  await drydock.paste(MINE);
  await drydock.reads(/node:20-alpine/);
  await drydock.openSample('Production', 'Flask for Production');
  await drydock.reads(/FROM .*python/);
  await drydock.openSample('Your file');
  await drydock.reads(/node:20-alpine/);
});

learner('every sample opens and is read', async (drydock) => {
  for (const [name, lesson] of [
    ['Production', 'Docker for Production'],
    ['Complete production', 'Docker for Production'],
    ['Development', 'Flask for Production'],
    ['Production', 'Flask for Production'],
  ]) {
    await drydock.openSample(name, lesson);
    await drydock.reads(/^FROM /m);
    assert.ok((await drydock.page.locator('.strip-counts').innerText()).length > 0);
  }
  await drydock.openSample('Empty');
  await drydock.reads(/^$/);
  await drydock.sees('Nothing to read yet');
});

learner('files are opened from disk, each in its place', async (drydock) => {
  const file = (name, text) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });
  const field = drydock.page.locator('#open-menu input[type=file]');
  await field.setInputFiles(file('prod.Dockerfile', '\ufeffFROM debian:12\r\nCMD ["true"]\r\n'));
  await drydock.reads(/^FROM debian:12$/m);
  await field.setInputFiles(file('requirements.txt', 'flask==3.0.0\n'));
  await drydock.until(
    () => drydock.page.getByRole('textbox', { name: 'requirements.txt' }).inputValue(),
    (text) => text.includes('flask'),
    'the requirements did not come to their tab',
  );
  await field.setInputFiles(file('pyproject.toml', '[project]\n'));
  await drydock.page.getByRole('tab', { name: 'pyproject.toml' }).waitFor();
  await field.setInputFiles(file('package-lock.json', '{}\n'));
  await drydock.sees('package-lock.json is no Dockerfile');
  await drydock.page.getByRole('tab', { name: 'Dockerfile', exact: true }).click();
  await drydock.reads(/^FROM debian:12$/m);
});

learner('a file dropped on the page is opened', async (drydock) => {
  await drydock.issues();
  await drydock.page.evaluate(() => {
    const data = new DataTransfer();
    data.items.add(new File(['FROM busybox:1.36\n'], 'Dockerfile'));
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
  });
  await drydock.reads(/busybox/);
});

learner('everything can be forgotten', async (drydock) => {
  await drydock.paste(MINE);
  await drydock.reads(/node:20-alpine/);
  await drydock.press('More');
  await drydock.press(/^Clear everything/);
  await drydock.press('Delete it all');
  await drydock.reads(/^FROM python:3\.11$/m);
  await drydock.reload();
  await drydock.reads(/^FROM python:3\.11$/m);
  assert.equal(await drydock.page.evaluate(() => JSON.stringify(localStorage).includes('node:20')), false);
});
