// What later runs need to know of a run: one line about it, then one short line per case. A tenth of
// verdicts.jsonl, so that a run over 240 000 cases finds out in a second what it is to be compared with.
import { z } from 'zod';
import type { Baseline, BaselineCase, CaseVerdict, RunResult, Settings, Topology } from '../model.ts';
import { type Selection, selectionOf } from './selection.ts';
import { totalsOf, type VerdictTotals } from './totals.ts';

export interface Outcome extends Baseline {
  cluster: string;
  /** UIDs of the cluster's Nodes, also of those left out. */
  nodes: string[];
  /** Absent where the settings could not be read. */
  selection?: Selection | undefined;
  /** Why no later run should be compared with it. */
  unfit?: string | undefined;
}

/** The first line. `count` cases must follow: a file that was cut off is not one. */
export type OutcomeHead = Omit<Outcome, 'cases'> & {
  schema: 1;
  count: number;
  /** From the first API request to the last observation. Absent in a file of an earlier netaccept, as are the counts. */
  seconds?: number | undefined;
  /** What the cases below add up to: a list of runs need not read them. */
  counts?: VerdictTotals | undefined;
};

const SCHEMA = 1;

export function* outcomeLines(
  result: RunResult,
  { settings, topology }: { settings?: Settings; topology?: Topology },
): Iterable<string> {
  const { run, started, seconds, exitCode, cluster, verdicts } = result;
  const head: OutcomeHead = {
    schema: SCHEMA,
    run,
    started,
    exitCode,
    cluster,
    nodes: nodeUids(topology),
    selection: settings === undefined ? undefined : selectionOf(settings),
    unfit: unfitness(result),
    count: verdicts.length,
    seconds,
    counts: totalsOf(verdicts),
  };
  yield `${JSON.stringify(head)}\n`;
  for (const verdict of verdicts) yield `${JSON.stringify(shortly(verdict))}\n`;
}

/** A verdict, as far as later runs look at it. */
export function shortly({ case: { id }, verdict, flaky, rttMs }: CaseVerdict): BaselineCase {
  return { id, verdict, ...(flaky ? { flaky } : {}), ...(rttMs === undefined ? {} : { rttMs }) };
}

export function nodeUids(topology: Pick<Topology, 'nodes' | 'outside'> | undefined): string[] {
  const nodes = [...(topology?.nodes ?? []), ...(topology?.outside ?? [])];
  return nodes.map(({ uid }) => uid).filter((uid) => uid !== '');
}

/**
 * Two runs are of the same cluster if they know a Node in common, by UID. A kubeconfig's name for it proves nothing
 * (every kubeadm cluster is "kubernetes"), and this costs no request. Without any such Node no case would fit either.
 */
export function isSameCluster(one: readonly string[], other: readonly string[]): boolean {
  const known = new Set(one);
  return other.some((uid) => known.has(uid));
}

/** Compared with such a run, every case would look as if it had just been mended, or had long been broken. */
function unfitness({ verdicts, controls, problems }: RunResult): string | undefined {
  if (verdicts.length === 0) return 'nothing was judged';
  if (problems.some(({ code }) => code === 'interrupted')) return 'it was interrupted';
  if (controls.some(({ state }) => state === 'broken'))
    return 'a control broke, so its verdicts prove nothing';
  return undefined;
}

const names = z.array(z.string());
const number = z.int().min(0);
const headSchema = z.object({
  schema: z.literal(SCHEMA),
  run: z.string(),
  started: z.iso.datetime(),
  exitCode: z.int().min(0).max(3),
  cluster: z.string(),
  nodes: names,
  selection: z
    .object({
      only: names,
      skip: names,
      nodes: z.object({ selector: z.string(), exclude: names }),
      hostNetwork: z.boolean(),
    })
    .optional(),
  unfit: z.string().optional(),
  count: number,
  seconds: z.number().min(0).optional(),
  counts: z
    .object({ passed: number, failed: number, errored: number, skipped: number, flaky: number })
    .optional(),
});
const caseSchema = z.object({
  id: z.string(),
  verdict: z.enum(['passed', 'failed', 'errored', 'skipped']),
  flaky: z.literal(true).exactOptional(),
  rttMs: z.number().min(0).exactOptional(),
});

/** Throws an Error that says what is wrong with the line. */
export function parseHead(line: string): OutcomeHead {
  const value = parsed(line);
  const schema = z.object({ schema: z.int() }).safeParse(value).data?.schema;
  if (schema !== undefined && schema > SCHEMA) {
    throw new Error(`it has schema ${schema}, and this netaccept knows ${SCHEMA}: a newer one wrote it`);
  }
  const head = headSchema.safeParse(value);
  if (!head.success) throw new Error('its first line is not that of an outcome');
  return head.data;
}

/** Throws an Error that says what is wrong with the line. */
export function parseCase(line: string): BaselineCase {
  const entry = caseSchema.safeParse(parsed(line));
  if (!entry.success) throw new Error('a line of it is not a case');
  return entry.data;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}
