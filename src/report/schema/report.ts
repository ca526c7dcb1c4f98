// report.json as a whole. This is the one source of the published schema: docs/schemas is generated from it.
import { z } from 'zod';
import { family } from '../../shapes/seen.ts';
import { RESULT_SCHEMA, SCHEMA_ID } from '../json.ts';
import { comparison, diagnosis, resume } from './diagnosis.ts';
import { controlVerdict, verdict } from './verdict.ts';

const optional = z.exactOptional;
const whole = z.int().nonnegative();

const figures = {
  expected: whole.describe('All cases: executed + skipped.'),
  executed: whole.describe('passed + failed + errored.'),
  passed: whole.describe('Passed, on proof.'),
  failed: whole.describe("Failed: the network's fault."),
  errored: whole.describe('Nobody could tell.'),
  skipped: whole.describe('Left out by a rule of the settings.'),
  flaky: whole.describe('Passed, but not at the first attempt or not without loss: a part of passed.'),
};
const counts = z.strictObject(figures).meta({ id: 'Counts', description: 'Cases by verdict.' });

const group = z
  .strictObject({
    name: z.string().describe('`total`, or path.check.family, e.g. `pod-to-pod.tcp.v4`.'),
    base: z.string().describe('The same without the family.'),
    ...figures,
    sameNode: counts.describe('Of those, source and target at one Node.'),
    crossNode: counts.describe('Of those, source and target at two Nodes.'),
  })
  .meta({ id: 'Group', description: 'Cases by verdict, and where their ends are.' });

const problem = z
  .strictObject({
    code: z.string().describe('Its class.'),
    message: z.string().describe('What went wrong.'),
    hint: optional(z.string()).describe('What to do next.'),
  })
  .meta({ id: 'Problem', description: 'A set-up failure, or something that went wrong beside the cases.' });

export const reportShape = z
  .strictObject({
    $schema: z.literal(SCHEMA_ID).describe('Which schema this document keeps to.'),
    schema: z.literal(RESULT_SCHEMA).describe('The version of that schema.'),
    exitCode: z
      .literal([0, 1, 2, 3])
      .describe('0 all passed, 1 a case failed, 2 could not tell, 3 misuse or set-up failed.'),
    run: z.string().describe("The run's id."),
    cluster: z.string().describe('Name of the cluster; empty if it was never reached.'),
    version: z.string().describe("Kubernetes' version; empty if the cluster was never reached."),
    started: z.string().describe('When it began: ISO 8601, UTC.'),
    seconds: z.number().nonnegative().describe('From the first API request to the last observation.'),
    families: z.array(family).describe('Address families that the cluster has.'),
    nodes: z.array(z.string()).describe('Nodes under test, by name.'),
    excluded: z
      .array(
        z.strictObject({
          node: z.string().describe('Name of the Node.'),
          rule: z.string().describe('The rule that left it out.'),
        }),
      )
      .describe('Nodes that a rule of the settings left out.'),
    notes: z.array(z.string()).describe('What to know though it is no fault: a cordoned Node, a taint.'),
    proofs: optional(z.record(z.string(), z.string())).describe("What a pass is worth, by the check's name."),
    diagnosis: diagnosis.describe('What lies behind the cases that did not pass.'),
    comparison: optional(comparison).describe('Absent where there is no earlier run in the same folder.'),
    resumes: z.array(resume).describe('Each resume of this run, in order.'),
    counts: z
      .strictObject({
        total: group.describe('All cases.'),
        groups: z.array(group).describe('The same by path, check and family, bytewise by name.'),
      })
      .describe('Cases by verdict.'),
    problems: z.array(problem).describe('Set-up failures and violated invariants.'),
    controls: z.array(controlVerdict).describe('Probes that must never be answered, bytewise by id.'),
    verdicts: z.array(verdict).describe('Every case, bytewise by id.'),
  })
  .meta({ title: 'netaccept report', description: 'The result of one run of netaccept, as report.json.' });

/** JSON Schema 2020-12 of report.json; `#/$defs/Verdict` is that of a line of verdicts.jsonl. */
export function reportJsonSchema(): object {
  const { $schema, ...rest } = z.toJSONSchema(reportShape, { target: 'draft-2020-12' });
  return { $schema, $id: SCHEMA_ID, ...rest };
}
