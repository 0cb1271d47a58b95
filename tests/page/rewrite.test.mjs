// The rewrite: some of its changes or all of them, side by side, and into the file.

import assert from 'node:assert/strict';
import { learner } from './page.mjs';

const changes = (drydock) => drydock.panel('Rewrite').getByRole('checkbox');

learner('some changes are left out, the others are taken', async (drydock) => {
  await drydock.codemirror();
  await drydock.press('See the rewrite');
  await changes(drydock).first().waitFor();
  assert.ok((await changes(drydock).count()) >= 6);
  const server = drydock.panel('Rewrite').getByRole('listitem').filter({ hasText: '--reload' }).getByRole('checkbox');
  await server.first().uncheck();
  await drydock.press('Use this');
  const text = await drydock.reads(/^USER /m);
  assert.match(text, /--reload/, 'what was left out stays');
  await drydock.tab('Issues');
  await drydock.lists(/root/, false);
  await drydock.lists(/development mode/i);
});

learner('the whole rewrite leaves nothing that the lessons ask for, and names the commands', async (drydock) => {
  await drydock.codemirror();
  await drydock.tab('Rewrite');
  await changes(drydock).first().waitFor();
  await drydock.press('Use this');
  const text = await drydock.reads(/^FROM .* AS builder$/im);
  assert.doesNotMatch(text, /--reload/);
  await drydock.sees('docker build');
  await drydock.page.getByRole('tab', { name: '.dockerignore' }).click();
  assert.match(await drydock.page.getByRole('textbox', { name: '.dockerignore' }).inputValue(), /\.git/);
});

learner('side by side takes the full width, Escape leads back', async (drydock) => {
  await drydock.tab('Rewrite');
  await drydock.press('Side by side');
  await drydock.editor.waitFor({ state: 'hidden' });
  await drydock.staysInWidth();
  await drydock.page.keyboard.press('Escape');
  await drydock.editor.waitFor();
});

learner('the new Dockerfile can be copied', async (drydock) => {
  await drydock.tab('Rewrite');
  await changes(drydock).first().waitFor();
  await drydock.panel('Rewrite').getByRole('button', { name: 'Copy', exact: true }).click();
  const copied = await drydock.page.evaluate(() => navigator.clipboard.readText());
  assert.match(copied, /^FROM .* AS builder$/im);
});
