// What it weighs: the tables of the lessons beside this file's own figures.

import assert from 'node:assert/strict';
import { learner } from './page.mjs';

learner('the size tables can be read, and every figure has a passport', async (drydock) => {
  await drydock.tab('Size');
  const tables = drydock.panel('Size').getByRole('table');
  await tables.first().waitFor();
  const text = (await tables.allInnerTexts()).join('\n');
  assert.match(text, /Lesson says/i);
  assert.match(text, /python:3\.11-slim/);
  assert.match(text, /\d+ MB|\d\.\d+ GB/);
  const figure = drydock.panel('Size').locator('.size-figure button').first();
  await figure.click();
  const passport = drydock.panel('Size').getByRole('tooltip').filter({ visible: true }).first();
  await passport.waitFor();
  assert.match(await passport.innerText(), /Measured|Estimated|lesson/i);
});

learner('a smaller base makes the image smaller', async (drydock) => {
  const now = () => drydock.page.locator('.strip-bars dd').nth(1).innerText();
  const before = await drydock.until(now, (text) => text !== '…', 'nothing is weighed');
  await drydock.fix(/full|larger|slim|base/i);
  const after = await drydock.until(now, (text) => text !== before, 'the size did not change');
  const megabytes = (text) => Number.parseFloat(text.replace(/[^\d.]/g, '')) * (text.includes('GB') ? 1000 : 1);
  assert.ok(megabytes(after) < megabytes(before), `${before} became ${after}`);
});
