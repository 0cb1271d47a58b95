// The first minute: the page opens on the lesson's development file and has already read it.

import assert from 'node:assert/strict';
import { learner } from './page.mjs';

learner('opens on the development file, with its issues listed', async (drydock) => {
  assert.match(await drydock.text(), /^FROM python:3\.11$/m);
  assert.match(await drydock.text(), /--reload/);
  assert.ok((await drydock.issues()).length >= 3);
});
