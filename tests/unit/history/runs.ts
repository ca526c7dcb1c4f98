// Runs as they lie on disk: recorded by the fixtures, judged here in this process, reported as always.
import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { healthy, recordInto } from '../../../fixtures/recordings/recorded.ts';
import { dualStack } from '../../../fixtures/topologies/dual-stack.ts';
import { docketOf } from '../../../src/judge/docket.ts';
import type { Attempt, Probe, Topology } from '../../../src/model.ts';
import { recordPrevious } from '../../../src/run/previous.ts';
import { type RunHeader, readRecordedRun, readRecording } from '../../../src/run/recording.ts';
import { type Reported, reportJudged } from '../../../src/suite/judge.ts';

export const BROKEN = 'pod-to-pod/udp/v6 node-1 → node-2';

export function resultsFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'history-'));
}

/** `2026-11-<day>`, so that a larger day is a later run. */
export function day(rank: number): string {
  return `2026-11-${String(rank).padStart(2, '0')}T09:00:00.000Z`;
}

/** Two Nodes of one cluster; BROKEN times out in a red run. `told` takes what is said while looking for the previous run. */
export async function writeRun(
  results: string,
  name: string,
  header: Partial<RunHeader> & { red?: boolean } = {},
  told: string[] = [],
): Promise<Reported & { dir: string }> {
  const { red = false, ...more } = header;
  const dir = join(results, name);
  await mkdir(dir);
  const answer = (probe: Probe): Attempt | undefined =>
    red && probe.case === BROKEN ? { outcome: 'timed-out' } : healthy(probe);
  await recordInto(dir, 2, answer, { run: name, ...more });
  const recording = await readRecording(dir);
  await recordPrevious({
    dir,
    header: recording.header,
    tell: (event) => told.push(event.phase === 'note' ? event.message : event.phase),
  });
  return { ...(await judge(dir)), dir };
}

/** Judges as the acceptance modules do, without their threads. */
export async function judge(dir: string): Promise<Reported> {
  const { bench, cases, controls } = docketOf(await readRecordedRun(dir));
  return reportJudged(dir, {
    cases: bench === undefined ? [] : cases.map((entry) => bench.judge(entry)),
    controls: bench === undefined ? [] : controls.map((entry) => bench.judgeControl(entry)),
    problems: [],
  });
}

/** The same names, other Nodes: the cluster was made anew. */
export function madeAnew(): Topology {
  const topology = dualStack(2);
  return { ...topology, nodes: topology.nodes.map((node) => ({ ...node, uid: `new-${node.uid}` })) };
}
