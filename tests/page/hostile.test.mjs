// Files that nobody would write: the page reads each, stays usable, and never stops.

import { learner } from './page.mjs';

const times = (count, text) => text.repeat(count);

const HOSTILE = {
  '100,000 lines of one instruction': `FROM a\nRUN true \\\n${times(100_000, ' && x \\\n')} && y\n`,
  '10,000 escapes in one string': `FROM a\nENV A="${times(10_000, '\\"')}"\n`,
  '30,000 stages': times(30_000, 'FROM a\n'),
  '100,000 instructions': `FROM a\n${times(100_000, 'ARG A\n')}`,
  'round brackets': `FROM a\nRUN ${times(50_000, '(')}x${times(50_000, ')')}\n`,
  'curly brackets': `FROM a\nRUN ${times(50_000, '{ ')}x${times(50_000, '; }')}\n`,
  'square brackets': `FROM a\nCMD ${times(50_000, '[')}${times(50_000, ']')}\n`,
  'commands in commands': `FROM a\nRUN echo ${times(50_000, '$(')}x${times(50_000, ')')}\n`,
  'variables in variables': `FROM a\nENV A=${times(50_000, '${A:-')}${times(50_000, '}')}\n`,
};

for (const [what, text] of Object.entries(HOSTILE)) {
  learner(`survives ${what}`, async (drydock) => {
    await drydock.paste(text);
    await drydock.paste('FROM debian:12\nCMD ["true"]\n');
    await drydock.lists(/root/);
  });
}
