import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { checks } from '../checks/registry.ts';
import { SetupError } from '../errors.ts';
import { type Docket, docketOf } from '../judge/docket.ts';
import type { Settings, Topology } from '../model.ts';
import { narrowed } from '../resume/narrowed.ts';
import { mustFit, nodeChange, touches, uncovered } from '../resume/nodes.ts';
import { refit } from '../resume/refit.ts';
import { type Standing, unprovenIn } from '../resume/unproven.ts';
import { type RecordOptions, type ResumeOf, recordRun } from '../run/record.ts';
import { nextResumeFolder, OUTCOME, readRecordedRun, writeWhole } from '../run/recording.ts';
import { type Accepted, reportWhileClosing } from './accept.ts';
import { headerOf } from './find-run.ts';
import { judgeRecorded } from './judge.ts';

export interface ResumeOptions extends Pick<RecordOptions, 'run' | 'tool' | 'signal' | 'tell'> {
  /** The folder of the run that is resumed. */
  dir: string;
  /** Also what passed only at a later attempt. */
  flaky: boolean;
  /** Also where Nodes have come or gone: what remains is run, the rest is errored. */
  force: boolean;
  /** How the cluster is reached, and whether the agents stay: all else is as it was recorded. */
  access: { kubeconfig?: string | undefined; context?: string | undefined; keep?: boolean | undefined };
}

/** Runs again what a recorded run has not proven, and reports on its whole matrix. */
export async function resumeRun(options: ResumeOptions): Promise<Accepted> {
  const { dir, flaky, force, access, run, tool, signal, tell } = options;
  mustBeSame(await headerOf(dir), tool);
  const docket = docketOf(await readRecordedRun(dir));
  const { settings, ...then } = subjectOf(docket, dir);
  const standing = standingOf(docket);
  const asked = unprovenIn(standing, { flaky });
  if (asked.size === 0 && !force) throw nothingLeft(dir, standing, flaky);
  // A Node that was registered anew has everything to prove again, so nothing can be left out beforehand.
  const again = force ? docket.cases : docket.cases.filter(({ id }) => asked.has(id));
  const among = new Set(again.map(({ check }) => check));
  const folder = await nextResumeFolder(dir);
  // Until it is judged anew, nobody may take the run for a finished one.
  const outcome = await readFile(join(dir, OUTCOME), 'utf8').catch(() => undefined);
  await rm(join(dir, OUTCOME), { force: true });
  const recorded = await recordRun({
    settings: reached(narrowed(settings, again, checks), access),
    dir: folder,
    resume: fitting(docket, then, { asked, among, force }),
    ...{ run, tool, signal, tell },
  });
  const { problems, topology: seen } = await headerOf(folder);
  if (seen !== undefined || signal.aborted) return reportWhileClosing(recorded, () => judgeRecorded(dir));
  // Nothing was asked again: the run stays what it was.
  await recorded.close().finally(() => rm(folder, { recursive: true }));
  if (outcome !== undefined) await writeWhole(join(dir, OUTCOME), outcome);
  throw new SetupError(problems);
}

/** What is proven so far: only to know what to ask again. The verdicts that count are Vitest's, at the end. */
function standingOf({ cases, controls, bench }: Docket): Standing {
  if (bench === undefined) return { verdicts: [], controls: [] };
  return { verdicts: cases.map(bench.judge), controls: controls.map(bench.judgeControl) };
}

function fitting(
  { cases, recording }: Docket,
  then: Pick<Topology, 'nodes' | 'excluded'>,
  { asked, among, force }: { asked: Set<string>; among: ReadonlySet<string>; force: boolean },
): ResumeOf {
  const joined = new Set<string>();
  return {
    run: recording.header.run,
    fits: (now) => {
      const change = nodeChange(then, now);
      if (!force) mustFit(change);
      for (const name of change.joined) joined.add(name);
      const anew = new Set(change.replaced);
      for (const entry of cases) if (touches(entry, anew) && entry.skip === undefined) asked.add(entry.id);
      return uncovered(change);
    },
    choose: (all) => {
      const known = cases.filter(({ check }) => among.has(check));
      const now = all.filter((entry) => !touches(entry, joined));
      const chosen = refit(known, now, asked, checks);
      if (chosen.cases.length + chosen.gone.length === 0) throw NOTHING_REMAINS;
      return chosen;
    },
  };
}

/** The settings that the run is about, and each of its Nodes as it was when it was last seen. */
function subjectOf(
  { sittings }: Docket,
  dir: string,
): { settings: Settings } & Pick<Topology, 'nodes' | 'excluded'> {
  const { settings, topology } = sittings[0]?.recording.header ?? {};
  if (settings === undefined || topology === undefined) {
    throw new SetupError({
      code: 'not-resumable',
      message: `the run in ${dir} could not be set up: it has no case to resume`,
      hint: 'run netaccept check anew',
    });
  }
  const seen = sittings.flatMap(({ recording }) => recording.header.topology?.nodes ?? []);
  const known = new Set(topology.nodes.map(({ name }) => name));
  const last = new Map(seen.filter(({ name }) => known.has(name)).map((node) => [node.name, node]));
  return { settings, nodes: [...last.values()], excluded: topology.excluded };
}

function reached(settings: Settings, { kubeconfig, context, keep }: ResumeOptions['access']): Settings {
  return {
    ...settings,
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(context === undefined ? {} : { context }),
    run: { ...settings.run, keep: keep ?? settings.run.keep },
  };
}

/** Its agents speak another version's language, and its matrix may hold other cases. */
function mustBeSame({ tool: recordedBy }: { tool: string }, tool: string): void {
  if (recordedBy === tool) return;
  throw new SetupError({
    code: 'other-version',
    message: `the run was recorded by netaccept ${recordedBy}, and this is ${tool}`,
    hint: `resume it with ${recordedBy}, or run netaccept check anew`,
  });
}

const NOTHING_REMAINS = new SetupError({
  code: 'nothing-to-resume',
  message: 'nothing is left to resume: no case is unproven',
  hint: 'run netaccept check for a new run',
});

function nothingLeft(dir: string, { verdicts }: Standing, flaky: boolean): SetupError {
  const wavering = verdicts.filter((entry) => entry.flaky).length;
  const more = wavering > 0 && !flaky ? `; --flaky runs the ${wavering} flaky ones again` : '';
  return new SetupError({
    code: 'nothing-to-resume',
    message: `nothing is left to resume: no case of the run in ${dir} is unproven`,
    hint: `run netaccept check for a new run${more}`,
  });
}
