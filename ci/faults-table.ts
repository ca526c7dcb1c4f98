// The catalogue's table, for the terminal and for the documentation.
import type { CataloguedFault } from '../fixtures/faults/entry.ts';
import type { FaultRow } from '../fixtures/faults/record.ts';

/** Fault, predicted and observed counts, time and first finding of each row. */
export function faultsText(rows: readonly FaultRow[]): string {
  const lines = rows.map(({ name, predicted, observed, seconds, finding = 'none' }) =>
    [
      name.padEnd(24),
      `predicted ${countsText(predicted)}`.padEnd(46),
      `observed ${countsText(observed)}`.padEnd(40),
      `${seconds} s`.padStart(5),
      ` ${finding}`,
    ].join(' '),
  );
  return lines.join('\n');
}

/** `41 failed, 3 errored, 1310 passed` */
export function countsText(counts: FaultRow['predicted']): string {
  const kinds = ['failed', 'errored', 'either', 'passed', 'skipped'] as const;
  return kinds.flatMap((kind) => (counts[kind] === undefined ? [] : [`${counts[kind]} ${kind}`])).join(', ');
}

/** A Markdown table: what is broken, how many of how many cases are then not green, and what the report says first. */
export function faultsMarkdown(faults: readonly CataloguedFault[], rows: readonly FaultRow[]): string {
  const byName = new Map(rows.map((row) => [row.name, row]));
  const lines = faults.map(({ name, what }) => {
    const row = byName.get(name);
    if (row === undefined)
      throw new Error(`docs/faults.json has no ${name}: npm run test:faults -- --record`);
    const { passed = 0, skipped: _, ...rest } = row.observed;
    const total = Object.values(row.observed).reduce((sum, count) => sum + count, 0);
    const red = passed === total ? `all ${total} green` : `${countsText(rest)} of ${total}`;
    return `| \`${name}\` | ${cell(what)} | ${red} | ${cell(row.finding ?? (passed === total ? '(nothing to find)' : '(the cases themselves)'))} |`;
  });
  return ['| fault | what is done | cases | first finding |', '| --- | --- | --- | --- |', ...lines].join(
    '\n',
  );
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}
