// What assistive technology meets: axe finds nothing, in both colour schemes, on every part, wide and narrow.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { learner } from './page.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

async function complaints(drydock, where) {
  await drydock.page.evaluate(axe);
  const { violations } = await drydock.page.evaluate(() =>
    window.axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      // It misses that the editor's text, a contenteditable without tabindex, takes the focus.
      rules: { 'scrollable-region-focusable': { enabled: false } },
    }),
  );
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${where}: ${id}: ${node.target.join(' ')}: ${node.failureSummary.split('\n')[1]?.trim()}`));
}

for (const width of [1440, 390]) {
  for (const scheme of ['light', 'dark']) {
    learner(`axe finds nothing at ${width} px, ${scheme}`, { width, scheme }, async (drydock) => {
      await drydock.codemirror();
      const found = [];
      for (const part of ['Issues', 'Rewrite', 'Size', ...(width < 800 ? ['File'] : [])]) {
        await drydock.tab(part);
        if (part === 'Issues') await drydock.openIssue(/root/);
        if (part === 'Rewrite') await drydock.panel('Rewrite').getByRole('checkbox').first().waitFor();
        found.push(...(await complaints(drydock, part)));
      }
      assert.deepEqual(found, []);
    });
  }
}

const PAGES = [
  ['#lessons', 'Lessons'],
  ['#lesson/multi-stage-builds', 'Multi-Stage Builds'],
  ['#lesson/health-checks', 'Health Checks'],
  ['#rules', 'Rules'],
  ['#rule/runs-as-root', 'Your app runs as root'],
  ['#rule/healthcheck-missing', 'Docker cannot tell whether your app works'],
  ['#rule/nothing-of-this-name', /./],
];

for (const width of [1440, 390]) {
  for (const scheme of ['light', 'dark']) {
    learner(`axe finds nothing on pages of lessons and rules at ${width} px, ${scheme}`, { width, scheme, hash: '#lessons' }, async (drydock) => {
      const found = [];
      for (const [hash, title] of PAGES) {
        await drydock.page.evaluate((hash) => (location.hash = hash), hash);
        await drydock.reading(title);
        found.push(...(await complaints(drydock, hash)));
        await drydock.staysInWidth();
      }
      assert.deepEqual([...new Set(found)], []);
    });
  }
}
