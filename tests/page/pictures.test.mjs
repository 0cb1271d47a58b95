// Pictures to look at: every part, three widths, both colour schemes. They land in tests/screenshots.

import { learner } from './page.mjs';

for (const width of [1440, 1024, 853, 390]) {
  for (const scheme of ['light', 'dark']) {
    learner(`pictures at ${width} px, ${scheme}`, { width, scheme }, async (drydock) => {
      const picture = (name) => drydock.screenshot(`${name}-${width}-${scheme}`);
      await drydock.codemirror();
      await drydock.tab('Issues');
      await picture('issues');
      await drydock.openIssue(/development mode/i);
      await drydock.page.locator('.issue-why').first().waitFor();
      await picture('issues-open');
      if (width < 800) {
        await drydock.press('Show in file');
        await drydock.page.getByRole('region', { name: 'Issue' }).waitFor();
        await picture('file-sheet');
      }
      await drydock.tab('Rewrite');
      await drydock.panel('Rewrite').getByRole('checkbox').first().waitFor();
      await picture('rewrite');
      await drydock.tab('Size');
      await drydock.panel('Size').getByRole('table').first().waitFor();
      await picture('size');
      if (width >= 800) {
        await drydock.tab('Rewrite');
        await drydock.press('Side by side');
        await picture('side-by-side');
        await drydock.page.keyboard.press('Escape');
      }
      await drydock.tab('Rewrite');
      await drydock.press('Use this');
      await drydock.sees(/Nothing left/);
      await picture('done');
      await drydock.staysInWidth();
    });
  }
}
