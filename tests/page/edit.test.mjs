// Writing: typing, pasting, choosing an issue, fixing one and all of a kind, and taking it back.

import assert from 'node:assert/strict';
import { learner } from './page.mjs';

learner('typing is read at once', async (drydock) => {
  await drydock.codemirror();
  await drydock.paste('FROM python:3.11-slim\nWORKDIR /app\n');
  await drydock.type('RUN pip install flask\n');
  await drydock.lists(/pip/i);
});

learner('a pasted file is read at once', async (drydock) => {
  await drydock.paste('FROM debian:12-slim\nRUN apt-get update && apt-get install -y curl\nUSER nobody\nCMD ["sleep", "1"]\n');
  await drydock.reads(/^FROM debian/);
  await drydock.lists(/reload|development/i, false);
});

learner('a chosen issue opens with its reason and shows its line in the file', async (drydock) => {
  await drydock.codemirror();
  await drydock.openIssue(/development mode/i);
  await drydock.issue(/development mode/i).getByText('Why', { exact: false }).or(drydock.page.locator('.issue-why')).first().waitFor();
  await drydock.page.locator('.band').waitFor();
  assert.match(await drydock.page.locator('.band').innerText(), /--reload/);
  await drydock.openIssue(/root/);
  assert.equal(await drydock.page.locator('.issue-card').count(), 1, 'one is open at a time');
});

learner('fixing one issue changes the text, and undo brings it back', async (drydock) => {
  await drydock.codemirror();
  const before = await drydock.text();
  await drydock.fix(/development mode/i);
  await drydock.until(() => drydock.text(), (text) => !text.includes('--reload'), '--reload stayed');
  await drydock.lists(/development mode/i, false);
  await drydock.press('Undo');
  await drydock.until(() => drydock.text(), (text) => text === before, 'undo did not bring the text back');
  await drydock.lists(/development mode/i);
});

learner('a fix from the band in the file is one step for Ctrl-Z', async (drydock) => {
  await drydock.codemirror();
  const before = await drydock.text();
  await drydock.openIssue(/development mode/i);
  await drydock.page.locator('.band').getByRole('button', { name: 'Fix' }).click();
  await drydock.until(() => drydock.text(), (text) => text !== before, 'nothing changed');
  await drydock.editor.focus();
  await drydock.page.keyboard.press('Control+Z');
  await drydock.until(() => drydock.text(), (text) => text === before, 'Ctrl-Z did not bring the text back');
});

learner('all issues of a kind are fixed together', async (drydock) => {
  await drydock.paste('FROM python:3.11-slim\nRUN pip install flask\nRUN pip install gunicorn\nUSER nobody\nCMD ["gunicorn", "app:app"]\n');
  await drydock.lists(/pip/i);
  const pip = (await drydock.issues()).filter((title) => /cache/i.test(title));
  assert.equal(pip.length, 2);
  await drydock.fixAll(/cache/i);
  await drydock.lists(/cache/i, false);
  assert.equal((await drydock.text()).match(/--no-cache-dir/g)?.length, 2);
});

learner('the start is kept, and the way back to it', async (drydock) => {
  const before = await drydock.text();
  await drydock.fix(/root/);
  await drydock.lists(/root/, false);
  await drydock.more('Back to start');
  await drydock.until(() => drydock.text(), (text) => text === before, 'the start did not come back');
});
