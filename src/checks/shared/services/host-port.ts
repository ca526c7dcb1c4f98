import type { Agent, Attempt, Case, Settings, Topology } from '../../../model.ts';
import { agentLoss } from '../agent-loss.ts';
import { sourceOf } from '../aim.ts';
import type { Aim, Look, Ruling } from '../check.ts';
import { familiesOfNetwork } from '../families.ts';
import { aimAtNode, NODE_PORT_PROTOCOLS, nodeFamilies, onceBy, protocolOf } from './node-port.ts';
import { type Part, serviceCase, serviceSources } from './part.ts';
import { podText } from './ruling.ts';

/** A port that a pod has on its Node: that Node's own pod must answer there, and no other. */
export const hostPort: Part = {
  expand(topology: Topology, settings: Settings): Case[] {
    const port = settings.services.hostPort;
    if (port === 0) return [];
    return nodeFamilies(topology, familiesOfNetwork(topology, 'pod')).flatMap((family) =>
      serviceSources(topology, settings, family).flatMap((source) =>
        topology.nodes.flatMap(({ name: node }) =>
          NODE_PORT_PROTOCOLS.map((protocol) => {
            const name = `hostPort ${protocol} ${port} of ${node}`;
            return serviceCase({ source, family, node, name, about: { kind: 'hostPort', protocol } });
          }),
        ),
      ),
    );
  },

  aim(entry: Case, topology: Topology, settings: Settings): Aim {
    const source = sourceOf(entry, topology);
    if ('unsent' in source) return source.unsent;
    const agent = holderAt(topology, entry.target.node);
    if (!agent?.ready) {
      const why = agent === undefined ? 'no such pod' : (agent.problem ?? 'not ready');
      const detail = `hostPort agent on ${entry.target.node}: ${why}`;
      return { kind: 'unsent', attempt: { outcome: 'unobserved', cause: 'no-target-agent', detail } };
    }
    const port = settings.services.hostPort;
    return aimAtNode(entry, topology, { port, expect: [agent.uid], ...onceBy(protocolOf(entry), settings) });
  },

  judge(entry: Case, last: Attempt | undefined, look: Look): Ruling {
    const agent = holderAt(look.topology, entry.target.node);
    if (last === undefined || agent === undefined) return { verdict: 'errored', reason: 'no-reply' };
    if (last.outcome === 'reached' && last.responder?.uid === agent.uid) {
      return { verdict: 'passed', reason: 'proof' };
    }
    if (last.responder !== undefined && last.responder.uid !== agent.uid) {
      const sentence = `answered by ${podText(last.responder)}, expected pod ${agent.pod}, which has the port`;
      return { verdict: 'failed', reason: 'wrong-responder', sentence };
    }
    const loss = agentLoss(agent, look.agentsAfter);
    if (loss !== undefined) return { verdict: 'errored', reason: 'target-gone', detail: loss };
    const reason =
      last.outcome === 'reached' || last.outcome === 'unobserved' ? 'wrong-answer' : last.outcome;
    return { verdict: 'failed', reason, detail: last.detail };
  },
};

function holderAt(topology: Topology, node = ''): Agent | undefined {
  const known =
    holders.get(topology) ??
    new Map(topology.agents.flatMap((agent) => (agent.role === 'host-port' ? [[agent.node, agent]] : [])));
  holders.set(topology, known);
  return known.get(node);
}

// Asked once per case, and there are N² of them.
const holders = new WeakMap<Topology, Map<string, Agent>>();
