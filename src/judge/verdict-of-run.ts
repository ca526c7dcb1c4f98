import { checks } from '../checks/registry.ts';
import { diagnose } from '../diagnosis/diagnose.ts';
import { compare } from '../history/compare.ts';
import { shortly } from '../history/outcome.ts';
import { selectionOf } from '../history/selection.ts';
import type {
  CaseVerdict,
  ClusterNode,
  Control,
  ControlVerdict,
  Problem,
  Resume,
  RunResult,
  Settings,
} from '../model.ts';
import type { Recording } from '../run/recording.ts';
import { exitCodeOf } from '../verdict/exit-code.ts';
import { notesOn } from '../verdict/notes.ts';
import { reconcile } from '../verdict/reconcile.ts';
import type { Docket, Sitting } from './docket.ts';

/** The whole run's result from what the judges returned; what they did not return is `errored`. */
export function resultOf(
  docket: Docket,
  judged: {
    cases: readonly CaseVerdict[];
    controls: readonly ControlVerdict[];
    problems: readonly Problem[];
  },
): RunResult {
  const { header, baseline } = docket.recording;
  const { verdicts, problems: violated } = reconcile(docket.cases, judged.cases);
  const judgedControls = new Map(judged.controls.map((verdict) => [verdict.control.id, verdict]));
  const controls = docket.controls.map((control) => judgedControls.get(control.id) ?? unjudged(control));
  const interrupted = docket.bench?.interrupted;
  const problems = [...docket.problems, ...judged.problems, ...violated];
  if (interrupted !== undefined)
    problems.push({ code: 'interrupted', message: `interrupted by ${interrupted}` });
  if (docket.bench !== undefined && verdicts.length === 0) problems.push(EMPTY_MATRIX);
  const exitCode = exitCodeOf({ verdicts, controls, problems, interrupted: isInterrupted(problems) });
  const { run, cluster, version, started, topology } = header;
  return {
    run,
    cluster,
    version,
    started,
    seconds: header.seconds ?? 0,
    families: topology?.families ?? [],
    nodes: topology?.nodes.map((node) => node.name) ?? [],
    excluded: topology?.excluded ?? [],
    notes: notesOf(docket),
    diagnosis: diagnose(verdicts, zonesOf(topology?.nodes ?? [])),
    ...(baseline === undefined ? {} : { comparison: compare(baseline, since(header.settings, verdicts)) }),
    resumes: docket.recording.resumes.map((resume) => resumeOf(resume, docket.sittings)),
    verdicts,
    controls,
    problems,
    proofs: Object.fromEntries(checks.map((check) => [check.name, check.proof])),
    exitCode,
  };
}

function notesOf({ sittings }: Docket): string[] {
  const { header, journal } = sittings.at(-1)?.recording ?? {};
  return header?.topology === undefined ? [] : notesOn(header.topology.nodes, journal ?? []);
}

function resumeOf(resume: Recording, sittings: readonly Sitting[]): Resume {
  const { started, seconds = 0 } = resume.header;
  const sitting = sittings.find(({ recording }) => recording === resume);
  if (sitting === undefined) return { started, seconds, cases: 0, passed: 0 };
  const passed = resume.cases.filter((entry) => sitting.bench.judge(entry).verdict === 'passed').length;
  return { started, seconds, cases: resume.cases.length, passed };
}

function since(settings: Settings | undefined, verdicts: readonly CaseVerdict[]) {
  const selection = settings === undefined ? undefined : selectionOf(settings);
  return { cases: verdicts.map(shortly), selection };
}

function zonesOf(nodes: readonly ClusterNode[]): (node: string) => string | undefined {
  const zones = new Map(nodes.map(({ name, zone }) => [name, zone]));
  return (node) => zones.get(node);
}

const EMPTY_MATRIX: Problem = {
  code: 'empty-matrix',
  message: 'the matrix is empty: the selection leaves no case at all, so nothing can be proven',
  hint: 'widen --only/--skip or the config keys only and skip',
};

function isInterrupted(problems: readonly Problem[]): boolean {
  return problems.some((problem) => problem.code === 'interrupted');
}

function unjudged(control: Control): ControlVerdict {
  return { control, state: 'unobserved', sentence: `${control.id}: no judge returned a verdict` };
}
