// What lies behind the cases that did not pass, and what became of them since, as report.json writes it.
import { z } from 'zod';

const ids = z.array(z.string());

const finding = z
  .strictObject({
    id: z.string().describe('The same fault has the same id in every run.'),
    kind: z
      .enum([
        ...(['everywhere', 'node', 'node-in', 'node-out', 'node-itself', 'pair', 'one-way'] as const),
        ...(['packets-one-way', 'packets-in', 'packets-out', 'consequence'] as const),
        ...(['overlay-one-way', 'zones', 'target', 'wrong-responder', 'cannot-tell', 'mixed'] as const),
      ])
      .describe('What it is about.'),
    title: z.string().describe('What is broken, where, in which direction, on which layer.'),
    nodes: z.array(z.string()).describe('Nodes that it is about; empty where it is about all of them.'),
    consequenceOf: z.exactOptional(z.string()).describe('The id of the finding that it may follow from.'),
    cases: ids.describe('Ids of the cases that it explains. A case is in one finding only.'),
    judged: z.int().nonnegative().describe('Cases in its scope that were judged.'),
    contradicting: z
      .int()
      .nonnegative()
      .describe('Cases in its scope that passed, or failed in another direction: they speak against it.'),
    confidence: z.enum(['high', 'medium', 'low']).describe('How much to believe it.'),
    causes: z.array(z.string()).describe('Most likely first.'),
    next: z.array(z.string()).describe('Commands to run next.'),
  })
  .meta({ id: 'Finding', description: 'A hypothesis, with what speaks for and against it.' });

export const diagnosis = z
  .strictObject({
    findings: z.array(finding).describe('What others rest on first, then the one that explains most.'),
    unexplained: ids.describe('Ids of failed and errored cases that no finding explains.'),
  })
  .meta({ id: 'Diagnosis', description: 'What lies behind the cases that did not pass.' });

const slower = z
  .strictObject({
    id: z.string().describe("The case's id."),
    beforeMs: z.number().describe('Round trip then, milliseconds.'),
    afterMs: z.number().describe('Round trip now, milliseconds.'),
  })
  .meta({ id: 'Slower', description: 'A case whose round trip grew by more than noise.' });

export const comparison = z
  .strictObject({
    against: z
      .strictObject({
        run: z.string().describe("The earlier run's id."),
        started: z.string().describe('When it began: ISO 8601, UTC.'),
        exitCode: z.number().describe('How it ended.'),
      })
      .describe('The earlier run.'),
    newlyBroken: ids.describe('Failed or errored now, and was not.'),
    fixed: ids.describe('Passed now; failed or errored then.'),
    stillBroken: ids.describe('Failed or errored, now as then.'),
    newlyFlaky: ids.describe('Passed both times, flaky now and not then.'),
    slower: z.array(slower).describe('Passed both times, and the round trip grew by more than noise.'),
    allSlower: z
      .exactOptional(
        z.strictObject({
          beforeMs: z.number().describe('Then, milliseconds.'),
          afterMs: z.number().describe('Now, milliseconds.'),
          ways: z.number().describe('How many ways, by path and ends.'),
        }),
      )
      .describe(
        'Present where the network as a whole became slower: medians of the fastest exchange of each way.',
      ),
    added: ids.describe('Passed now, not asked then.'),
    gone: ids.describe('Asked then, not asked now.'),
    otherSelection: z
      .exactOptional(
        z.strictObject({
          onlyNow: z.number().describe('Asked now, not then.'),
          onlyNowBroken: z.number().describe('Of those, the ones that are failed or errored.'),
          onlyThen: z.number().describe('Asked then, not now.'),
        }),
      )
      .describe(
        'Present where the two runs were to ask different things: how many cases only one of them asked.',
      ),
  })
  .meta({ id: 'Comparison', description: 'This run beside an earlier one of the same cluster.' });

export const resume = z
  .strictObject({
    started: z.string().describe('When it began: ISO 8601, UTC.'),
    seconds: z.number().describe('How long it took.'),
    cases: z.number().describe('Cases that were run again.'),
    passed: z.number().describe('Of those, the ones that pass now.'),
  })
  .meta({ id: 'Resume', description: 'One `netaccept resume` of this run.' });
