import type { Attempt, Case, Probe, Settings, Topology } from '../model.ts';
import { sourceOf } from './shared/aim.ts';
import { flowsFor } from './shared/backends.ts';
import type { Aim, Check, ControlAim, Look, ProbeContext, Ruling } from './shared/check.ts';
import { type DnsAsk, type DnsFound, isRight } from './shared/dns/ask.ts';
import { attemptDns } from './shared/dns/attempt.ts';
import { expandDns, taskOf } from './shared/dns/plan.ts';
import { dnsSentence } from './shared/dns/sentence.ts';

export const dns = {
  name: 'dns',
  title: 'names of the cluster, asked of resolv.conf, the VIP and every DNS pod',
  proof: 'this very question was answered with what the API says; not who answered',
  runs: 'by default',
  paths: ['pod-to-dns', 'node-to-dns'],
  expand: expandDns,
  aim,
  controls: ({ dns: { domain } }: Settings): ControlAim[] => [
    {
      kind: 'silent-address',
      port: 53,
      count: 1,
      ask: {
        transport: 'udp',
        type: 'A',
        name: `kubernetes.default.svc.${domain}`,
        want: { kind: 'answer' },
      } satisfies DnsAsk,
    },
  ],
  // `ask` went through JSON: whoever made it is `aim` or `controls` above.
  attempt: (probe: Probe, context: ProbeContext) => attemptDns(probe, probe.ask as DnsAsk, context),
  judge,
} as const satisfies Check;

function aim(entry: Case, topology: Topology, settings: Settings): Aim {
  const task = taskOf(entry, topology, settings);
  if (task === undefined) return { kind: 'derived' };
  const source = sourceOf(entry, topology);
  if ('unsent' in source) return source.unsent;
  const { server, family } = task;
  const { label: _label, fresh, ...ask } = task.question;
  return {
    kind: 'probe',
    address: (family && server.addresses[family]) ?? '',
    port: server.ports[ask.transport],
    expect: [],
    count: flowsFor(server.backends),
    ask,
    round: fresh ? 'settled' : 'main',
  };
}

function judge(entry: Case, last: Attempt | undefined, { topology, settings }: Look): Ruling {
  const task = taskOf(entry, topology, settings);
  if (task === undefined || last === undefined) return noService(settings);
  const answer = (last.found as DnsFound | undefined)?.answer;
  const sentence = dnsSentence(task, last, topology);
  if (last.outcome === 'unobserved') return { verdict: 'errored', reason: last.cause ?? 'no-reply' };
  if (last.outcome !== 'reached') return { verdict: 'failed', reason: last.outcome, sentence };
  // An agent that says `reached` without the answer is not believed.
  const right = answer !== undefined && isRight(task.question, answer);
  return right
    ? { verdict: 'passed', reason: 'proof', sentence }
    : { verdict: 'failed', reason: 'mismatch', sentence };
}

/** Nothing is known about the cluster's DNS then: where it is may just as well be configured wrongly here. */
function noService({ dns: { namespace, selector } }: Settings): Ruling {
  const sentence = `no DNS Service: none in namespace ${namespace} has the labels ${selector} and a UDP port 53 (set dns.namespace and dns.selector)`;
  return { verdict: 'errored', reason: 'too-little', sentence };
}
