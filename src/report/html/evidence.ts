import type { Attempt, CaseVerdict } from '../../model.ts';
import type { Evidence, EvidenceBlock } from './format.ts';

/** What the page can show of these cases one by one. */
export function evidenceBlock(verdicts: readonly CaseVerdict[]): EvidenceBlock {
  return {
    sentence: verdicts.map(({ sentence }) => sentence),
    attempts: verdicts.map(({ attempts, verdict }) =>
      verdict === 'passed' ? attempts.map(brief) : attempts,
    ),
    aimedAt: verdicts.map(({ aimedAt }) => aimedAt ?? null),
    tookMs: verdicts.map(({ tookMs }) => tookMs ?? null),
    arrival: verdicts.map(({ arrival }) => arrival ?? null),
    about: verdicts.map((entry) => entry.case.about ?? null),
    expect: verdicts.map((entry) => entry.case.expect ?? null),
  };
}

/** What was read in full (routes, DNS answers) matters where it did not pass; verdicts.jsonl has it all. */
function brief({ found: _found, ...attempt }: Attempt): Attempt {
  return attempt;
}

export function evidenceAt(block: EvidenceBlock, at: number): Evidence {
  const given = Object.entries(block).map(([key, values]) => [key, values[at]] as const);
  return Object.fromEntries(given.filter(([, value]) => value !== null)) as unknown as Evidence;
}
