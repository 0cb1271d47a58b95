// The result as a table for people.

const mb = (bytes) => (bytes === undefined || bytes === null ? '-' : (bytes / 1e6).toFixed(bytes < 99.5e6 ? 1 : 0));
const range = (total) => (total ? `${mb(total.low)} / ${mb(total.likely)} / ${mb(total.high)}` : '-');
/** One line for each application, then what failed, then what the stand-ins are. */
export function printed(rows, notes) {
  const cells = [
    ['app', 'original', 'above base', 'estimated', 'rewrite', 'above base', 'estimated', 's', 'fails'],
    ...rows.map(({ app, original, rewrite, failed }) => [
      app,
      mb(original?.bytes),
      mb(original?.own),
      range(original?.estimate),
      mb(rewrite?.bytes),
      mb(rewrite?.own),
      range(rewrite?.estimate),
      ((original?.seconds ?? 0) + (rewrite?.seconds ?? 0)).toFixed(0),
      String(failed.length || ''),
    ]),
  ];
  const widths = cells[0].map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  const lines = cells.map((row) => row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join('  '));
  const failures = rows.flatMap(({ app, failed }) => failed.map((claim) => `  ${app}: not so: ${claim}`));
  return [
    '',
    'Decimal megabytes, unpacked. "above base": without the base image. "estimated": what Drydock says of that, low / likely / high. s: both builds.',
    ...lines,
    ...(failures.length ? ['', ...failures] : []),
    ...(notes.size ? ['', ...notes] : []),
    '',
  ].join('\n');
}
