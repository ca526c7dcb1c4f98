// What it means, as report.json and verdicts.jsonl write it.
import { z } from 'zod';
import { attempt, measured } from '../../shapes/seen.ts';
import { caseShape, control } from './case.ts';

const optional = z.exactOptional;

const verdictWord = z.enum(['passed', 'failed', 'errored', 'skipped']);

const reason = z
  .enum([
    'proof',
    'rule',
    ...(['refused', 'timed-out', 'unreachable', 'prohibited', 'reset', 'wrong-responder'] as const),
    ...(['wrong-answer', 'lossy', 'black-hole', 'slow', 'no-address', 'mismatch', 'not-blocked'] as const),
    ...(['no-agent', 'no-target-agent', 'target-gone', 'exec-broken', 'batch-aborted', 'deadline'] as const),
    ...(['interrupted', 'probe-crashed', 'local-fault', 'no-reply', 'not-run', 'no-witness'] as const),
    'too-little',
  ])
  .meta({
    id: 'Reason',
    description: '`proof` of a pass, `rule` of a skip; else what failed, or why nobody can tell.',
  });

/** A line of verdicts.jsonl. */
export const verdict = z
  .strictObject({
    case: caseShape.describe('What was expected.'),
    verdict: verdictWord.describe('`errored`: we could not tell.'),
    reason: reason.describe('Why, in one word.'),
    sentence: z.string().describe('Why, in one sentence for a person.'),
    flaky: z.boolean().describe('Passed, but not at the first attempt or not without loss.'),
    attempts: z.array(attempt).describe('In order; the last one decided. Empty where nothing was sent.'),
    aimedAt: optional(z.string()).describe('Address and port that the probe went to.'),
    tookMs: optional(z.number()).describe(
      'From the first attempt to the last, pauses included, milliseconds.',
    ),
    rttMs: optional(z.number()).describe(
      'Only of a pass: round trip of the attempt that decided, milliseconds.',
    ),
    arrival: optional(z.enum(['none', 'some'])).describe(
      'Not answered: did its requests arrive, by the target’s own word? `none`: lost on the way there. `some`: the answer was lost. Absent: nobody knows.',
    ),
    measured: optional(measured).describe('Figures of the attempt that decided.'),
  })
  .meta({ id: 'Verdict', description: 'One case and what became of it: also a line of verdicts.jsonl.' });

export const controlVerdict = z
  .strictObject({
    control: control.describe('What was probed.'),
    state: z
      .enum(['held', 'broken', 'unobserved'])
      .describe('`broken`: it was answered, so the run is worthless.'),
    sentence: z.string().describe('The same in one sentence for a person.'),
  })
  .meta({ id: 'ControlVerdict', description: 'What became of a control.' });
