// The pages of the lessons' sections and of the rules: over the right column, with addresses of their own.

import assert from 'node:assert/strict';
import { learner } from './page.mjs';

const phone = { width: 390 };
const hash = (drydock) => new URL(drydock.page.url()).hash;

learner('an issue leads to its section, and Escape back to the issue', async (drydock) => {
  const before = await drydock.text();
  await drydock.openIssue(/Every code change reinstalls/);
  await drydock.issue(/Every code change reinstalls/).getByRole('link', { name: /Layer Caching/ }).first().click();
  await drydock.reading('Layer Caching');
  assert.equal(hash(drydock), '#lesson/layer-caching');
  assert.match(await drydock.page.title(), /^Layer Caching · /);
  assert.equal(await drydock.pageOver.evaluate((page) => page === document.activeElement), true, 'it has the keyboard');
  assert.equal(await drydock.text(), before);
  await drydock.page.keyboard.press('Escape');
  await drydock.pageOver.waitFor({ state: 'hidden' });
  await drydock.issue(/Every code change reinstalls/).getByRole('button', { name: 'Fix', exact: true }).waitFor();
  assert.doesNotMatch(await drydock.page.title(), /Layer Caching/);
  assert.equal(hash(drydock), '');
});

learner('sections follow each other, list their rules, and those lead back', { hash: '#lesson/non-root-user' }, async (drydock) => {
  await drydock.reading('Non-Root User');
  await drydock.pageOver.getByRole('link', { name: 'Your app runs as root' }).click();
  await drydock.reading('Your app runs as root');
  await drydock.sees('USER appuser');
  await drydock.pageOver.getByRole('link', { name: /Common Mistakes/ }).click();
  await drydock.reading('Common Mistakes');
  await drydock.pageOver.getByRole('link', { name: /^Next/ }).click();
  await drydock.reading(/^Practice/);
  await drydock.pageOver.getByRole('link', { name: /^Previous/ }).click();
  await drydock.reading('Common Mistakes');
});

learner('the browser goes back and forward through pages', async (drydock) => {
  await drydock.openPage('Lessons');
  await drydock.reading('Lessons');
  await drydock.pageOver.getByRole('link', { name: 'Base Image Comparison' }).click();
  await drydock.reading('Base Image Comparison');
  await drydock.page.goBack();
  await drydock.reading('Lessons');
  await drydock.page.goBack();
  await drydock.pageOver.waitFor({ state: 'hidden' });
  await drydock.page.goForward();
  await drydock.reading('Lessons');
  await drydock.press('Back');
  await drydock.pageOver.waitFor({ state: 'hidden' });
  await drydock.page.goBack();
  await drydock.reading('Lessons');
});

learner('every section can be read, and is told apart by its address', { hash: '#lessons' }, async (drydock) => {
  await drydock.reading('Lessons');
  const links = drydock.pageOver.locator('ol a');
  const sections = await links.evaluateAll((all) => all.map((a) => [a.getAttribute('href'), a.textContent]));
  assert.ok(sections.length >= 30, `${sections.length} sections`);
  for (const [address, title] of sections) {
    await drydock.page.evaluate((address) => (location.hash = address), address);
    await drydock.reading(title);
    await drydock.staysInWidth();
  }
});

learner('"Try it" opens the example, and the own file waits', { hash: '#lesson/base-image-comparison' }, async (drydock) => {
  await drydock.reading('Base Image Comparison');
  await drydock.type('\n# mine\n');
  await drydock.press(/^Open “Docker for Production/);
  await drydock.pageOver.waitFor({ state: 'hidden' });
  await drydock.until(() => drydock.text(), (text) => !text.includes('# mine'), 'the example did not come');
  await drydock.openSample('Your file');
  await drydock.reads(/# mine/);
});

learner('rules are searched and filtered, and the list is kept', async (drydock) => {
  await drydock.openPage('Rules');
  await drydock.reading('Rules');
  const rules = drydock.pageOver.locator('.page-rules li');
  const all = await rules.count();
  assert.ok(all >= 80, `${all} rules`);
  await drydock.page.getByLabel('Search the rules').fill('dl3042');
  await drydock.until(() => rules.count(), (count) => count === 1, 'the id of another tool was not found');
  await rules.getByRole('link').click();
  await drydock.reading(/pip/);
  await drydock.sees('DL3042');
  await drydock.page.goBack();
  await drydock.reading('Rules');
  assert.equal(await rules.count(), 1, 'the search is kept');
  await drydock.page.getByLabel('Search the rules').fill('');
  await drydock.page.getByLabel('Severity', { exact: true }).selectOption('Error');
  const errors = await drydock.until(() => rules.count(), (count) => count > 0 && count < all, 'the severity did nothing');
  await drydock.page.getByLabel('With a fix').check();
  await drydock.until(() => rules.count(), (count) => count < errors, 'the fix did nothing');
  await drydock.page.getByLabel('Lesson', { exact: true }).selectOption('Flask for Production');
  await drydock.until(() => rules.count(), (count) => count < errors, 'the lesson did nothing');
});

for (const address of ['#lesson/no-such-section', '#rule/no-such-rule', '#rule/', '#lesson/%E0%A4%A'])
  learner(`an unknown address says so: ${address}`, { hash: address }, async (drydock) => {
    await drydock.sees(/There is no such (section|rule)/);
    await drydock.reads(/^FROM python:3\.11$/m);
    await drydock.page.keyboard.press('Escape');
    await drydock.pageOver.waitFor({ state: 'hidden' });
  });

learner('a page leaves a shared file and its link alone', async (drydock) => {
  const link = await drydock.share({ exercise: true });
  await drydock.page.goto(link);
  await drydock.sees(/as an exercise/);
  await drydock.openPage('Lessons');
  await drydock.reading('Lessons');
  await drydock.press('Back');
  await drydock.pageOver.waitFor({ state: 'hidden' });
  assert.equal(drydock.page.url(), link);
  await drydock.reload();
  await drydock.sees(/as an exercise/);
});

learner('what was kept is there behind a page', async (drydock) => {
  await drydock.type('\n# kept\n');
  await drydock.page.waitForTimeout(800);
  await drydock.page.goto(`${drydock.address}#rule/runs-as-root`);
  await drydock.reload();
  await drydock.reading('Your app runs as root');
  await drydock.reads(/# kept/);
});

learner('another part of the page takes its place', { hash: '#rules' }, async (drydock) => {
  await drydock.reading('Rules');
  await drydock.press('See the rewrite');
  await drydock.pageOver.waitFor({ state: 'hidden' });
  await drydock.panel('Rewrite').waitFor();
});

learner('on a phone a page has the screen, and the bar below leads on', { ...phone, hash: '#lesson/base-image-comparison' }, async (drydock) => {
  await drydock.reading('Base Image Comparison');
  await drydock.editor.waitFor({ state: 'hidden' });
  await drydock.staysInWidth();
  await drydock.screenshot('lesson-phone');
  await drydock.tab('Issues');
  await drydock.pageOver.waitFor({ state: 'hidden' });
  assert.ok((await drydock.issues()).length >= 3);
});

for (const scheme of ['light', 'dark'])
  learner(`pictures of the pages, ${scheme}`, { scheme, hash: '#lesson/multi-stage-builds' }, async (drydock) => {
    await drydock.codemirror();
    await drydock.reading('Multi-Stage Builds');
    await drydock.screenshot(`lesson-${scheme}`);
    await drydock.page.evaluate(() => (location.hash = '#rule/copy-source-before-install'));
    await drydock.reading(/^Every code change/);
    await drydock.screenshot(`rule-${scheme}`);
    await drydock.page.evaluate(() => (location.hash = '#rules'));
    await drydock.reading('Rules');
    await drydock.screenshot(`rules-${scheme}`);
  });
