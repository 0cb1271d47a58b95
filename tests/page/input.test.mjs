// What is not a Dockerfile, or only half of one: each has its written state, and the text is never lost.

import assert from 'node:assert/strict';
import { learner } from './page.mjs';

const recognised = [
  ['prose', 'Dear all,\nplease find attached the minutes of our meeting.\nKind regards\n', /No line here reads as a Dockerfile/],
  ['a Markdown fence', '```dockerfile\nFROM python:3.11\nCMD ["python", "app.py"]\n```\n', /inside Markdown/],
  ['a compose file', 'services:\n  web:\n    build: .\n    ports:\n      - "80:80"\n', /compose file/],
  ['requirements', 'fastapi==0.110.0\nuvicorn[standard]==0.29.0\nsqlalchemy>=2\n', /requirements\.txt rather/],
  ['an ignore file', '.git\n__pycache__/\n*.pyc\nnode_modules\n', /\.dockerignore rather/],
  ['bytes', `\u0000\u0001\u0002PNG\u0000${'\u0000\u0003'.repeat(200)}`, /not text/],
];

for (const [what, text, says] of recognised) {
  learner(`${what} in place of a Dockerfile`, async (drydock) => {
    await drydock.codemirror();
    await drydock.paste(text);
    await drydock.sees(says);
  });
}

learner('what was wrapped can be unwrapped', async (drydock) => {
  await drydock.codemirror();
  await drydock.paste(recognised[1][1]);
  await drydock.press('Keep only the Dockerfile');
  assert.doesNotMatch(await drydock.reads(/^FROM python:3\.11$/m), /```/);
});

learner('requirements go to their tab, and the Dockerfile comes back', async (drydock) => {
  await drydock.codemirror();
  const before = await drydock.text();
  await drydock.paste(recognised[3][1]);
  await drydock.press('Move it to its tab');
  assert.match(await drydock.page.getByRole('textbox', { name: 'requirements.txt' }).inputValue(), /uvicorn/);
  await drydock.page.getByRole('tab', { name: 'Dockerfile' }).click();
  await drydock.until(() => drydock.text(), (text) => text.trim() === before.trim(), 'the Dockerfile did not come back');
});

learner('nothing at all', async (drydock) => {
  await drydock.codemirror();
  await drydock.editor.focus();
  await drydock.page.keyboard.press('Control+A');
  await drydock.page.keyboard.press('Delete');
  await drydock.sees('Nothing to read yet');
  for (const tab of ['Rewrite', 'Size']) await drydock.tab(tab);
});

learner('one broken line among good ones is an issue, the others are read', async (drydock) => {
  await drydock.paste('FROM python:3.11\nRUNN pip install flask\nCOPY . .\nRUN pip install flask\n');
  await drydock.lists(/The build stops at this line/);
  await drydock.lists(/root/);
});

learner('emoji and Windows line ends', async (drydock) => {
  await drydock.codemirror();
  await drydock.paste('# 🎯 é ❌\r\nFROM python:3.11\r\nRUN pip install flask # 🎯\r\nCMD ["uvicorn", "main:app", "--reload"]\r\n');
  await drydock.lists(/development mode/i);
  await drydock.openIssue(/development mode/i);
  assert.equal(await drydock.page.locator('.squiggle').filter({ hasText: /^"?--reload/ }).count() > 0, true, 'the mark stands at the token');
  await drydock.fix(/development mode/i);
  await drydock.reads(/🎯[^]*"main:app"\]/);
});

learner('a megabyte is kept and read', async (drydock) => {
  await drydock.codemirror();
  const line = `RUN echo ${'x'.repeat(90)}\n`;
  await drydock.paste(`FROM python:3.11\n${line.repeat(11_000)}`);
  await drydock.sees(/larger than 1 MB/);
  await drydock.lists(/root/);
});
