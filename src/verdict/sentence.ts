import type { Attempt, CaseVerdict, Endpoint, Target } from '../model.ts';
import type { Evidence } from './judge.ts';

type Draft = Omit<CaseVerdict, 'sentence'>;

/** One sentence for a person: what was attempted, on whom, for how long, and what came of it. */
export function sentenceFor(draft: Draft, evidence: Evidence, detail: string | undefined): string {
  const tail = detail === undefined || detail === '' ? '' : ` (${detail})`;
  if (draft.verdict === 'passed') return passed(draft);
  if (draft.verdict === 'skipped') return detail ?? 'left out by a rule';
  const say = draft.verdict === 'failed' ? FAILED[draft.reason] : ERRORED[draft.reason];
  return (say?.(draft, evidence) ?? `${draft.reason}`) + tail;
}

/** What the target itself knows of a request that got no answer: on which way it was lost. */
export function arrivalWords({ arrival, case: { path, target } }: Draft): string {
  if (arrival === undefined) return '';
  const isService = path.endsWith('-to-service');
  if (arrival === 'none') return `; the request never reached ${isService ? 'an endpoint' : who(target)}`;
  return `; ${isService ? 'an endpoint' : who(target)} got it: the answer was lost on its way back`;
}

type Say = (draft: Draft, evidence: Evidence) => string;

const FAILED: Record<string, Say> = {
  refused: (d) => `${who(d.case.target)} refused the connection${at(d)}`,
  'timed-out': (d) => `no answer from ${who(d.case.target)}${at(d)}${tries(d)}`,
  unreachable: (d) => `no way to ${who(d.case.target)}${at(d)}`,
  prohibited: (d) =>
    `${who(d.case.source)} may not send to ${who(d.case.target)}${at(d)}: its own node refuses`,
  reset: (d) => `the connection to ${who(d.case.target)}${at(d)} was cut before the answer was complete`,
  'wrong-responder': (d, e) => `answered by ${responder(d)}, expected ${expected(d.case.target, e)}${at(d)}`,
  'wrong-answer': (d) => `something that is not our agent answered for ${who(d.case.target)}${at(d)}`,
  'black-hole': (d) => `small packets reach ${who(d.case.target)}${at(d)}, large ones vanish without a word`,
  slow: (d) => `${who(d.case.target)}${at(d)} answers, but slower than the settings allow`,
  mismatch: (d) => `${d.case.target.name} is not as it must be`,
  'not-blocked': (d) => `${who(d.case.target)}${at(d)} answered, though it must be blocked`,
  lossy: (d) => `${loss(d.attempts.at(-1))} to ${who(d.case.target)}${at(d)}`,
  'no-address': (d) => `the cluster has IP${d.case.family}, but an end of this path has no such address`,
};

const ERRORED: Record<string, Say> = {
  'no-agent': (d) => `no ready agent at the source, ${who(d.case.source)}`,
  'no-target-agent': (d) => `no ready agent at the target, ${who(d.case.target)}`,
  'target-gone': (d) => `the agent at the target, ${who(d.case.target)}, did not live through the run`,
  'exec-broken': (d) => `the control channel to the source, ${who(d.case.source)}, broke`,
  'batch-aborted': (d) => `the agent at the source, ${who(d.case.source)}, gave its batch up`,
  deadline: (d) => `the deadline came before ${who(d.case.source)} had probed this`,
  interrupted: () => 'the run was interrupted before this was known',
  'probe-crashed': (d) => `the probe crashed on ${who(d.case.source)}`,
  'local-fault': (d) => `${who(d.case.source)} could not probe: a fault of its own, not of the network`,
  'no-reply': (d) => `${who(d.case.source)} never reported on this`,
  'no-witness': (d) =>
    `${who(d.case.target)} did not answer, but nobody else reached it either: it may be dead, not blocked`,
  'too-little': (d) => `too little was seen of ${who(d.case.target)} to judge it`,
  'not-run': () => 'this was never sent',
};

function passed(draft: Draft): string {
  const last = draft.attempts.at(-1);
  const rtt = last?.rttMs === undefined ? '' : ` in ${last.rttMs.toFixed(2)} ms`;
  const by = last?.responder === undefined ? who(draft.case.target) : `pod ${last.responder.pod}`;
  const lost = last !== undefined && (last.received ?? 0) < (last.sent ?? 0) ? `, ${loss(last)}` : '';
  const late = draft.attempts.length > 1 ? `, at attempt ${draft.attempts.length}` : '';
  return `answered by ${by}${rtt}${late}${lost}`;
}

function who(end: Endpoint | Target): string {
  if (end.network === undefined || end.node === undefined) return 'name' in end ? end.name : '';
  // A Service's NodePort is at a Node and is not the Node.
  if ('name' in end && end.name !== end.node) return end.name;
  return end.network === 'pod' ? `the agent pod on ${end.node}` : `node ${end.node}`;
}

function expected(target: Target, evidence: Evidence): string {
  return evidence.target === undefined ? who(target) : `pod ${evidence.target.pod} on ${target.node}`;
}

function responder(draft: Draft): string {
  const seen = draft.attempts.at(-1)?.responder;
  return seen === undefined ? 'an unnamed responder' : `pod ${seen.pod} on ${seen.node}`;
}

function at(draft: Draft): string {
  return draft.aimedAt === undefined ? '' : ` at ${draft.aimedAt}`;
}

function tries(draft: Draft): string {
  return draft.attempts.length > 1 ? ` in ${draft.attempts.length} attempts` : '';
}

function loss(attempt: Attempt | undefined): string {
  const { sent = 0, received = 0 } = attempt ?? {};
  return `${sent - received} of ${sent} packets lost`;
}
