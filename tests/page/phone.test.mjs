// 390 px wide, touched.

import assert from 'node:assert/strict';
import { learner } from './page.mjs';

const phone = { width: 390 };

learner('each part has the screen to itself and none scrolls sideways', phone, async (drydock) => {
  await drydock.codemirror();
  for (const part of ['File', 'Issues', 'Rewrite', 'Size']) {
    await drydock.tab(part);
    await drydock.page.waitForTimeout(100);
    await drydock.staysInWidth();
  }
});

learner('an issue quotes its line and leads to it, where a sheet offers the fix', phone, async (drydock) => {
  await drydock.codemirror();
  await drydock.tab('Issues');
  await drydock.openIssue(/development mode/i);
  await drydock.issue(/development mode/i).getByText('--reload').first().waitFor();
  await drydock.press('Show in file');
  const sheet = drydock.page.getByRole('region', { name: 'Issue' });
  await sheet.waitFor();
  const { height } = await sheet.boundingBox();
  assert.ok(height <= 0.6 * 844 + 1, `the sheet is ${height} px high`);
  await sheet.getByRole('button', { name: 'Fix', exact: true }).tap();
  await drydock.until(() => drydock.text(), (text) => !text.includes('--reload'), '--reload stayed');
});

learner('the sheet goes from issue to issue and closes', phone, async (drydock) => {
  await drydock.codemirror();
  await drydock.tab('Issues');
  await drydock.openIssue(/development mode/i);
  await drydock.press('Show in file');
  const sheet = drydock.page.getByRole('region', { name: 'Issue' });
  const title = () => sheet.getByRole('heading').first().innerText();
  const first = await title();
  await sheet.getByRole('button', { name: 'Next issue' }).tap();
  await drydock.until(title, (text) => text !== first, 'the next issue did not come');
  await sheet.getByRole('button', { name: 'Close' }).tap();
  await sheet.waitFor({ state: 'hidden' });
});

learner('the text is large enough not to be zoomed, and buttons to be hit', phone, async (drydock) => {
  await drydock.codemirror();
  await drydock.tab('File');
  assert.ok((await drydock.editor.evaluate((box) => Number.parseFloat(getComputedStyle(box).fontSize))) >= 16);
  const buttons = await drydock.page.locator('.bottom-bar button').all();
  for (const button of buttons) assert.ok((await button.boundingBox()).height >= 44);
});
