// The kills in lines of text: pure.
import { type Difference, differenceLines, isEmpty } from '../../fixtures/snapshots/difference.ts';
import type { Later } from '../../fixtures/snapshots/snapshot.ts';
import type { Killed, Mended } from './kill.ts';
import type { PlannedKill } from './ways.ts';

export interface KillRecord {
  number: number;
  planned: PlannedKill;
  killed: Killed;
  mended: Mended;
}

const WIDTHS = [4, -21, 6, -36, 5, -5, -9, 5, 7, 8];

export function heading(): string {
  return row(['kill', 'run', 'at', 'had said', 'left', 'lock', 'then', 'exit', 'seconds', 'objects']);
}

export function lineOf({ number, planned, killed, mended }: KillRecord): string {
  return row([
    `${number}`,
    planned.way.name,
    `${killed.at.toFixed(1)} s`,
    killed.phase.slice(0, 36),
    `${sizeOf(killed.left)}`,
    killed.left.added.some((name) => name.startsWith('Lease.')) ? 'yes' : '-',
    planned.mend,
    `${mended.exitCode ?? 'none'}`,
    mended.seconds.toFixed(1),
    sameText(mended.objects),
  ]);
}

/** Why the mending is not as it must be; empty if it is. */
export function troubleOf({ exitCode, said, objects }: Mended): string[] {
  return [
    ...(exitCode === 0 ? [] : [`exit code ${exitCode ?? 'none'}`, ...said.map((line) => `  | ${line}`)]),
    ...differenceLines(objects.left),
  ];
}

/** What was not as before at the first look, and then was. */
export function lateLines({ seconds = 0, first, left }: Later): string[] {
  return isEmpty(left)
    ? differenceLines(first).map((line) => `until ${seconds.toFixed(0)} s later: ${line}`)
    : [];
}

function sizeOf({ added, removed, changed }: Difference): number {
  return added.length + removed.length + changed.length;
}

/** `same`, or after how long it was. */
function sameText({ seconds, first, left }: Later): string {
  if (!isEmpty(left)) return 'NOT';
  return isEmpty(first) ? 'same' : `${(seconds ?? 0).toFixed(0)} s`;
}

function row(cells: readonly string[]): string {
  const padded = cells.map((cell, at) => {
    const width = WIDTHS[at] ?? 0;
    return width < 0 ? cell.padEnd(-width) : cell.padStart(width);
  });
  return padded.join('  ').trimEnd();
}
