import type { Attempt, Case, Settings, Topology } from '../model.ts';
import type { Aim, Check, ControlAim, Look } from './shared/check.ts';
import { attemptQuestion } from './shared/question.ts';
import { targetControls } from './shared/target-controls.ts';
import { judgeTarget } from './shared/target-judge.ts';
import { aimAtTarget, expandTargets } from './shared/targets.ts';

const paths = { pod: 'pod-to-external', host: 'node-to-external' } as const;

export const external = {
  name: 'external',
  title: 'what lies outside: URLs, TCP and UDP ports, ping, by name and by address',
  proof:
    'the expected answer came back from where the name leads to; of a bare TCP port: it accepts connections; of icmp: the address answers',
  runs: 'where `external` lists what to ask, because a run sends nothing out of the cluster by itself',
  paths: Object.values(paths),
  expand: (topology: Topology, settings: Settings): Case[] =>
    expandTargets('external', settings.external, topology, settings, paths),
  aim: (entry: Case, topology: Topology, settings: Settings): Aim =>
    aimAtTarget(entry, settings.external, topology, settings),
  controls: (settings: Settings): ControlAim[] => targetControls(settings.external, settings),
  attempt: attemptQuestion,
  judge: (entry: Case, last: Attempt | undefined, { settings }: Look) =>
    judgeTarget(entry, last, settings.external),
} as const satisfies Check;
