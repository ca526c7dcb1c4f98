import { checks } from '../checks/registry.ts';
import type { Case, CaseVerdict, Control, Problem } from '../model.ts';
import { sortedBy } from '../order.ts';
import { planRun } from '../plan/plan.ts';
import type { RecordedRun, Recording } from '../run/recording.ts';
import { type Bench, benchFor } from '../verdict/judge-recording.ts';

/** A recorded run ready to be judged: its cases, its controls, and the bench that knows what was seen. */
export interface Docket {
  recording: RecordedRun;
  cases: Case[];
  controls: Control[];
  bench: Bench | undefined;
  /** What stood in the way of the last sitting. An earlier one's left cases unproven: they were asked again. */
  problems: Problem[];
  /** The run and its resumes, as far as each was set up: what each of them ran, and its own bench. */
  sittings: Sitting[];
}

export interface Sitting {
  recording: Recording;
  controls: Control[];
  bench: Bench;
}

/** `bench` is undefined when the run could not be set up: then there is nothing to judge but that. */
export function docketOf(recording: RecordedRun): Docket {
  const { problems } = (recording.resumes.at(-1) ?? recording).header;
  const [first, ...rest] = [sittingOf(recording), ...recording.resumes.map(sittingOf)];
  if (first === undefined)
    return { recording, cases: [], controls: [], bench: undefined, problems, sittings: [] };
  const sittings = [first, ...rest.filter((sitting) => sitting !== undefined)];
  const { cases, controls, bench } =
    sittings.length === 1 ? { ...first, cases: recording.cases } : merged(first, sittings);
  return { recording, cases, controls, bench, problems, sittings };
}

/** Each case and control as of the last sitting that ran it: it is judged by what that one saw, and by nothing older. */
function merged(
  first: Sitting,
  sittings: readonly Sitting[],
): Pick<Docket, 'cases' | 'controls'> & { bench: Bench } {
  const cases = new Map<string, Case>();
  const benches = new Map<string, Bench>();
  const controls = new Map<string, Control>();
  const gone = new Set<string>();
  for (const { recording, controls: own, bench } of sittings) {
    const { resumes } = recording.header;
    for (const id of resumes?.replaced ?? []) cases.delete(id);
    for (const id of resumes?.gone ?? []) gone.add(id);
    for (const entry of recording.cases) {
      cases.set(entry.id, entry);
      benches.set(entry.id, bench);
      gone.delete(entry.id);
    }
    for (const control of own) {
      controls.set(control.id, control);
      benches.set(control.id, bench);
    }
  }
  const benchOf = (id: string) => benches.get(id) ?? first.bench;
  return {
    cases: sortedBy(cases.values(), (entry) => entry.id),
    controls: sortedBy(controls.values(), (control) => control.id),
    bench: {
      judge: (entry) => (gone.has(entry.id) ? goneVerdict(entry) : benchOf(entry.id).judge(entry)),
      judgeControl: (control) => benchOf(control.id).judgeControl(control),
      interrupted: sittings.at(-1)?.bench.interrupted,
    },
  };
}

function sittingOf(recording: Recording): Sitting | undefined {
  const { topology, settings, run } = recording.header;
  if (topology === undefined || settings === undefined) return undefined;
  const { controls } = planRun(run, recording.cases, checks, topology, settings);
  return { recording, controls, bench: benchFor(recording, topology, settings, checks) };
}

function goneVerdict(entry: Case): CaseVerdict {
  const sentence = `${entry.source.node} → ${entry.target.name}: no longer part of the cluster when the run was resumed`;
  return { case: entry, verdict: 'errored', reason: 'target-gone', sentence, flaky: false, attempts: [] };
}
