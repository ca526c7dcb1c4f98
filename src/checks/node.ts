import type { Attempt, Case, Probe, Settings, Topology } from '../model.ts';
import { sourceOf } from './shared/aim.ts';
import { caseOf, skipFrom } from './shared/case.ts';
import type { Aim, Check, ControlAim, Look, ProbeContext, Ruling, WitnessRole } from './shared/check.ts';
import { announced } from './shared/node/announced.ts';
import { bgp } from './shared/node/bgp.ts';
import { conntrack } from './shared/node/conntrack.ts';
import { devices } from './shared/node/devices.ts';
import type { NodeFact } from './shared/node/fact.ts';
import { forwarding, rpFilter } from './shared/node/forwarding.ts';
import { hostOf } from './shared/node/host.ts';
import { kubeProxy } from './shared/node/kube-proxy.ts';
import { leftoverRoutes } from './shared/node/leftover-routes.ts';
import { mtu } from './shared/node/mtu.ts';
import { podCidrs } from './shared/node/pod-cidrs.ts';
import { routes } from './shared/node/routes.ts';

const facts = [
  announced,
  podCidrs,
  devices,
  routes,
  leftoverRoutes,
  mtu,
  forwarding,
  rpFilter,
  conntrack,
  kubeProxy,
  bgp,
] as const satisfies readonly NodeFact[];

export const node = {
  name: 'node',
  title: "a Node's devices, routes and switches, and what its CNI announces",
  proof: 'what the Node itself said, or the API, agrees with the API and with the other Nodes',
  runs: 'by default',
  paths: ['on-node'],
  expand,
  aim,
  // Nothing is sent that a stranger could answer.
  controls: (): ControlAim[] => [],
  attempt,
  judge,
  // Each Node is compared with the others, and one fact with another.
  witness: (): WitnessRole => ({ needs: 'all', gives: 'all' }),
} as const satisfies Check;

function expand(topology: Topology, settings: Settings): Case[] {
  const { cluster } = topology;
  return facts.flatMap((fact: NodeFact) =>
    fact.expand(topology, settings).map(({ node, title, family, about }) =>
      caseOf({
        check: 'node',
        path: 'on-node',
        ...(family === undefined ? {} : { family }),
        source: { cluster, node: node.name, network: 'host' },
        target: { cluster, name: title, node: node.name },
        locality: 'same-node',
        about: { fact: fact.name, ...about },
        skip: fact.reading === undefined ? undefined : skipFrom('host', settings),
      }),
    ),
  );
}

function aim(entry: Case, topology: Topology, settings: Settings): Aim {
  const { reading } = factOf(entry.about?.fact);
  if (reading === undefined) return { kind: 'derived' };
  // A Node without an address of the case's family can be read all the same.
  const { family: _family, ...whole } = entry;
  const source = sourceOf(whole, topology);
  if ('unsent' in source) return source.unsent;
  const ask = { fact: entry.about?.fact, ask: reading.ask(entry, topology, settings) };
  return { kind: 'probe', address: '', port: 0, expect: [], count: 1, ask };
}

async function attempt(probe: Probe, context: ProbeContext): Promise<Attempt> {
  const { fact, ask } = probe.ask as { fact: string; ask: unknown };
  try {
    const found = await factOf(fact).reading?.read(hostOf(context.signal), { ...probe, ask }, context);
    return { outcome: 'reached', found };
  } catch (error) {
    return { outcome: 'unobserved', cause: 'local-fault', detail: (error as Error).message };
  }
}

function judge(entry: Case, last: Attempt | undefined, look: Look): Ruling {
  const fact = factOf(entry.about?.fact);
  if (last === undefined ? fact.reading !== undefined : last.found === undefined) {
    return { verdict: 'errored', reason: 'no-reply', detail: 'the agent read nothing' };
  }
  return fact.judge(entry, last?.found, look);
}

function factOf(name: string | undefined): NodeFact {
  const found = facts.find((fact) => fact.name === name);
  if (found === undefined) throw new Error(`the check "node" knows no fact "${name}"`);
  return found;
}
