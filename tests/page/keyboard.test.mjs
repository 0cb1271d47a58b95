// Without a mouse.

import assert from 'node:assert/strict';
import { learner } from './page.mjs';

const press = async (drydock, ...keys) => {
  for (const key of keys) await drydock.page.keyboard.press(key);
};

learner('an issue is found, read and fixed with keys alone', async (drydock) => {
  await drydock.codemirror();
  const before = await drydock.text();
  await drydock.editor.focus();
  await press(drydock, 'F8');
  await drydock.page.locator('.issue-card').waitFor();
  const first = await drydock.page.locator('.issue.open .issue-title').innerText();
  await press(drydock, 'F8');
  await drydock.until(() => drydock.page.locator('.issue.open .issue-title').innerText(), (title) => title !== first, 'F8 did not go on');
  await press(drydock, 'Shift+F8');
  await drydock.until(() => drydock.page.locator('.issue.open .issue-title').innerText(), (title) => title === first, 'Shift+F8 did not go back');
  const fix = drydock.page.locator('.issue-card').getByRole('button', { name: 'Fix', exact: true });
  for (let presses = 0; presses < 20 && !(await fix.isVisible()); presses += 1) {
    await press(drydock, 'F8');
    await drydock.page.waitForTimeout(50);
  }
  for (let presses = 0; presses < 60 && !(await fix.evaluate((button) => button === document.activeElement)); presses += 1) await press(drydock, 'Tab');
  await press(drydock, 'Enter');
  await drydock.until(() => drydock.text(), (text) => text !== before, 'Enter on Fix changed nothing');
});

learner('Tab leaves the editor', async (drydock) => {
  await drydock.codemirror();
  await drydock.editor.focus();
  await press(drydock, 'Tab');
  assert.equal(await drydock.editor.evaluate((box) => box.getRootNode().activeElement === box), false);
});

learner('arrow keys go through the tabs', async (drydock) => {
  await drydock.page.getByRole('tab', { name: 'Issues' }).focus();
  await press(drydock, 'ArrowRight');
  await drydock.panel('Rewrite').waitFor();
  await press(drydock, 'ArrowRight');
  await drydock.panel('Size').waitFor();
  await press(drydock, 'Home');
  await drydock.panel('Issues').waitFor();
});

learner('menus open and close with keys, and give the focus back', async (drydock) => {
  const open = drydock.page.getByRole('button', { name: 'Open', exact: true });
  // The button is there before what it opens, which comes with the second piece.
  await drydock.page.locator('#open-menu').waitFor({ state: 'attached' });
  await open.focus();
  await press(drydock, 'Enter');
  await drydock.page.locator('#open-menu').waitFor();
  await press(drydock, 'Escape');
  await drydock.page.locator('#open-menu').waitFor({ state: 'hidden' });
  assert.equal(await open.evaluate((button) => button === document.activeElement), true);
});
