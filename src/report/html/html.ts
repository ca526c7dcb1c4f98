import type { CaseVerdict, RunResult } from '../../model.ts';
import { bytewise } from '../../order.ts';
import { Encoder, markOf } from './columns.ts';
import { evidenceBlock } from './evidence.ts';
import { BLOCK_CASES, MARKS } from './format.ts';
import { overviewOf } from './overview.ts';
import { pack } from './pack.ts';
import { type PageSources, pageEnd, pageStart, part } from './shell.ts';

/**
 * Characters of evidence of cases that just passed or were skipped. The others' is always whole; with this, and about
 * 5 bytes a case for the columns, a page stays well under the 25 MB that browsers and CI servers bear.
 */
const PASS_EVIDENCE_CHARS = 14_000_000;

/**
 * The run as one HTML page that asks for nothing else: no request, no framework. In pieces, a block of cases each,
 * so that it never stands in memory as a whole. The same result and sources give the same bytes.
 */
export function* htmlChunks(
  result: RunResult,
  sources: PageSources,
  passEvidenceChars = PASS_EVIDENCE_CHARS,
): Generator<string, void, undefined> {
  const verdicts = worstFirst(result.verdicts);
  const encoder = new Encoder(result);
  const wanted = new Set(result.comparison?.slower.map(({ id }) => id));
  const slower = new Map<string, number>();
  let left = passEvidenceChars;
  let evidenceUntil = 0;
  yield pageStart(result, sources);
  for (let start = 0; start < verdicts.length; start += BLOCK_CASES) {
    const members = verdicts.slice(start, start + BLOCK_CASES);
    yield part('cases', pack(encoder.block(members)));
    for (const [at, { case: entry }] of members.entries()) {
      if (wanted.has(entry.id)) slower.set(entry.id, start + at);
    }
    const whole = members.some((entry) => isTelling(entry));
    if (!whole && left <= 0) continue;
    const evidence = pack(evidenceBlock(members));
    if (!whole) left -= evidence.length;
    evidenceUntil = start + members.length;
    yield part('evidence', evidence);
  }
  const rest = { ...encoder.names, cases: verdicts.length, evidenceUntil };
  yield part('overview', pack(overviewOf(result, rest, slower)));
  yield pageEnd(sources);
}

function worstFirst(verdicts: readonly CaseVerdict[]): CaseVerdict[] {
  const rank = (entry: CaseVerdict) => MARKS.indexOf(markOf(entry));
  return verdicts.toSorted((a, b) => rank(a) - rank(b) || bytewise(a.case.id, b.case.id));
}

function isTelling(entry: CaseVerdict): boolean {
  return entry.verdict === 'failed' || entry.verdict === 'errored' || entry.flaky;
}
