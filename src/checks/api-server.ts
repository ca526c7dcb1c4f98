import type { Attempt, Case, Probe, Settings, Topology } from '../model.ts';
import { sourceOf } from './shared/aim.ts';
import { type ApiServerFound, askApiServer } from './shared/api-server/attempt.ts';
import { clusterCa } from './shared/api-server/cluster-ca.ts';
import { apiServerSentence } from './shared/api-server/sentence.ts';
import { apiServerTargets, targetOf } from './shared/api-server/targets.ts';
import { caseOf, localityOf, sourcesOf } from './shared/case.ts';
import type { Aim, Check, ControlAim, Look, ProbeContext, Ruling } from './shared/check.ts';

export const apiServer = {
  name: 'api-server',
  title: 'kubernetes.default, by its VIP and by each endpoint',
  proof: "whoever answered holds a key that the cluster's CA certifies for kubernetes.default.svc",
  runs: 'by default',
  paths: ['pod-to-api-server', 'node-to-api-server'],
  expand,
  aim,
  controls: (): ControlAim[] => [{ kind: 'silent-address', port: 443, count: 1 }],
  attempt,
  judge,
} as const satisfies Check;

function expand(topology: Topology, settings: Settings): Case[] {
  const { cluster } = topology;
  const targets = apiServerTargets(topology);
  const sources = sourcesOf(topology, settings, { pod: 'pod-to-api-server', host: 'node-to-api-server' });
  return sources.flatMap(({ path, endpoint, skip }) => {
    const shared = { check: 'api-server', path, source: endpoint, skip };
    if (targets.length === 0) return [caseOf({ ...shared, target: { cluster, name: 'kubernetes.default' } })];
    return targets.map(({ target, family }) =>
      caseOf({
        ...shared,
        family,
        target,
        ...localityOf(endpoint, target),
        about: { kind: target.name === 'VIP' ? 'VIP' : 'endpoint' },
      }),
    );
  });
}

function aim(entry: Case, topology: Topology): Aim {
  const target = targetOf(entry, topology);
  if (target === undefined) return { kind: 'derived' };
  const source = sourceOf(entry, topology);
  if ('unsent' in source) return source.unsent;
  const { address, port, flows } = target;
  return { kind: 'probe', address, port, expect: [], count: flows };
}

/** As many connections as the probe counts, one after the other, until one is not answered by the API server. */
async function attempt(probe: Probe, { signal }: ProbeContext): Promise<Attempt> {
  const ca = await clusterCa();
  if (ca === undefined) return { outcome: 'unobserved', cause: 'local-fault', detail: NO_CA };
  let right = 0;
  for (;;) {
    const one = await askApiServer(probe, ca, signal);
    if (one.outcome === 'reached') right += 1;
    const found: ApiServerFound = { ...(one.found as ApiServerFound | undefined), right };
    if (one.outcome !== 'reached' || right >= probe.count) return { ...one, found };
  }
}

const NO_CA =
  "the agent's pod has no CA to verify with: its Namespace had no ConfigMap kube-root-ca.crt when it started; look for it with kubectl get configmap kube-root-ca.crt, and run netaccept clean before the next run";

function judge(entry: Case, last: Attempt | undefined, { topology }: Look): Ruling {
  const target = targetOf(entry, topology);
  if (target === undefined || last === undefined) {
    const sentence = 'the API knows neither a ClusterIP nor an endpoint of default/kubernetes';
    return { verdict: 'errored', reason: 'too-little', sentence };
  }
  if (last.outcome === 'unobserved') return { verdict: 'errored', reason: last.cause ?? 'no-reply' };
  const sentence = apiServerSentence(target, last);
  if (last.outcome !== 'reached') return { verdict: 'failed', reason: last.outcome, sentence };
  const found = last.found as ApiServerFound | undefined;
  // An agent that says `reached` without the proof is not believed.
  const proven = found?.status !== undefined && found.untrusted === undefined && found.right >= target.flows;
  return proven
    ? { verdict: 'passed', reason: 'proof', sentence }
    : { verdict: 'failed', reason: 'mismatch', sentence };
}
