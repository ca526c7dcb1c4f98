import type { Attempt, Case, Settings, Topology } from '../model.ts';
import type { Aim, Check, ControlAim, Look } from './shared/check.ts';
import { attemptQuestion } from './shared/question.ts';
import { targetControls } from './shared/target-controls.ts';
import { judgeTarget } from './shared/target-judge.ts';
import { aimAtTarget, expandTargets } from './shared/targets.ts';

const paths = { pod: 'pod-to-ingress', host: 'node-to-ingress' } as const;

export const ingress = {
  name: 'ingress',
  title: 'an ingress: URL, Host, TLS, status and body, or a TCP or UDP port',
  proof:
    'the expected status and text came back, over TLS by the name’s own certificate; of a bare TCP port: it accepts connections',
  runs: 'where `ingress` lists what to ask, because only you know your hosts and what they answer',
  paths: Object.values(paths),
  expand: (topology: Topology, settings: Settings): Case[] =>
    expandTargets('ingress', settings.ingress, topology, settings, paths),
  aim: (entry: Case, topology: Topology, settings: Settings): Aim =>
    aimAtTarget(entry, settings.ingress, topology, settings),
  controls: (settings: Settings): ControlAim[] => targetControls(settings.ingress, settings),
  attempt: attemptQuestion,
  judge: (entry: Case, last: Attempt | undefined, { settings }: Look) =>
    judgeTarget(entry, last, settings.ingress),
} as const satisfies Check;
