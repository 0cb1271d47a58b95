// The first minute, and what the page does when a part of it does not come.

import assert from 'node:assert/strict';
import { learner } from './page.mjs';

const NOT_LOADED = [/Failed to load resource/, /^failed: /];

learner('opens on the development file, with its issues listed', async (drydock) => {
  const text = await drydock.text();
  assert.match(text, /^FROM python:3\.11$/m);
  assert.match(text, /--reload/);
  assert.ok((await drydock.issues()).length >= 3);
  await drydock.codemirror();
  assert.equal(await drydock.text(), text, 'the full editor takes the text over');
});

const slowly = async (page) => {
  await page.route(/\.wasm$/, async (route) => {
    await new Promise((later) => setTimeout(later, 1500));
    await route.continue();
  });
};

learner('what is typed before the program has come stays', { before: slowly }, async (drydock) => {
  await drydock.type('\n# typed early', { early: true });
  assert.match(await drydock.text(), /# typed early/);
  await drydock.codemirror();
  await drydock.reads(/# typed early/);
  await drydock.type(', and late');
  await drydock.reads(/# typed early, and late/);
});

const without = (what) => ({ expected: NOT_LOADED, before: (page) => page.route(what, (route) => route.abort()) });

learner('without WebAssembly the text can still be read, and the page says so', { ...without(/\.wasm$/), expected: [/./] }, async (drydock) => {
  assert.match(await drydock.text(), /^FROM python:3\.11$/m);
  await drydock.sees(/reload|try again/i);
  await drydock.type('\n# mine');
  assert.match(await drydock.text(), /# mine/);
});

learner('without the full editor the plain one stays', without(/\/editor-[^/]*\.js$/), async (drydock) => {
  await drydock.issues();
  await drydock.type('\nENV API_KEY=12345');
  await drydock.reads(/API_KEY/);
  assert.equal(await drydock.page.locator('.cm-content').count(), 0);
});

learner('without the lesson texts everything else works', without(/\/lessons-[^/]*\.txt$/), async (drydock) => {
  await drydock.openIssue(/root/);
  await drydock.sees(/did not load/);
  await drydock.fix(/root/);
  await drydock.lists(/root/, false);
});

const forbidden = (page) =>
  page.addInitScript(() => {
    Object.defineProperty(window, 'localStorage', {
      get() {
        throw new DOMException('forbidden', 'SecurityError');
      },
    });
  });

learner('where storage is forbidden the page works and says that it cannot keep the text', { before: forbidden }, async (drydock) => {
  await drydock.issues();
  await drydock.type('\n# mine');
  await drydock.sees(/does not let Drydock keep/);
});

const full = (page) =>
  page.addInitScript(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
  });

learner('where storage is full the page says so', { before: full }, async (drydock) => {
  await drydock.type('\n# mine');
  await drydock.sees(/does not let Drydock keep/);
});
