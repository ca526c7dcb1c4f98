import type { Attempt, Case, Probe, Settings, Topology } from '../model.ts';
import { aimOf } from './shared/aim.ts';
import type { Aim, Check, ControlAim, ProbeContext } from './shared/check.ts';
import { attemptOfError } from './shared/errno.ts';
import { expandPairs } from './shared/pairs.ts';
import { attemptOfSample, suspects, type Thresholds } from './shared/quality-of.ts';
import { judgeQuality } from './shared/quality-ruling.ts';
import { closeFlows, type Flow, openFlows, sampleFlows } from './shared/source-ports.ts';

const PATHS = ['pod-to-pod', 'node-to-node'] as const;
// 4 probes in flight in the calm round make at most 400 datagrams a second per agent: far below what delays its event loop.
const GAP_MS = 10;
/** A flow that lost all of its few datagrams has to lose as many again, together with these. */
const CONFIRMING = 5;
const CONTROL_PACKETS = 10;

interface QualityAsk extends Thresholds {
  sourcePorts: number;
  sourcePortBase: number;
}

export const quality = {
  name: 'quality',
  title: 'loss and round-trip times over several source ports, measured while nothing else is sent',
  proof:
    'the expected pod answered each counted datagram; loss, and rtt p95 where a limit is set, are within the thresholds',
  runs: 'by default',
  paths: PATHS,
  // On one Node there is no network whose quality this could be.
  expand: (topology: Topology, settings: Settings): Case[] =>
    expandPairs('quality', topology, settings, PATHS).filter((entry) => entry.locality === 'cross-node'),
  aim,
  controls: (settings: Settings): ControlAim[] => {
    const count = Math.min(CONTROL_PACKETS, settings.quality.packets);
    const { ports } = settings.agents;
    return [
      { kind: 'closed-port', port: ports.closed, count, ask: askOf(settings) },
      { kind: 'silent-address', port: ports.udp, count, ask: askOf(settings) },
    ];
  },
  attempt,
  judge: (entry, last, { topology, settings }) =>
    judgeQuality(last, aim(entry, topology, settings), settings.quality),
} as const satisfies Check;

function aim(entry: Case, topology: Topology, settings: Settings): Aim {
  const { packets } = settings.quality;
  const target = aimOf(entry, topology, {
    port: settings.agents.ports.udp,
    count: packets,
    identified: true,
  });
  // A second attempt would hide the loss that the first one measured.
  return target.kind === 'probe' ? { ...target, round: 'calm', attempts: 1, ask: askOf(settings) } : target;
}

function askOf({ quality: { packets: _, ...ask } }: Settings): QualityAsk {
  return ask;
}

async function attempt(probe: Probe, context: ProbeContext): Promise<Attempt> {
  const { address, port, expect, timeoutMs, count, family = 'v4' } = probe;
  const { sourcePorts, sourcePortBase, ...thresholds } = probe.ask as QualityAsk;
  const target = { address, port, family, expect };
  let flows: Flow[];
  try {
    flows = await openFlows(Math.min(sourcePorts, count), sourcePortBase, target);
  } catch (error) {
    return attemptOfError(error);
  }
  try {
    const pace = { gapMs: GAP_MS, timeoutMs, expect };
    const sample = await sampleFlows(flows, { ...pace, total: count }, context);
    const doubtful = suspects(sample);
    if (doubtful.length === 0) return attemptOfSample(sample, [], thresholds);
    // With one that lost nothing: if that falls silent too, it is not the ports.
    const witness = flows.findIndex((_, index) => !doubtful.includes(index));
    const asked = [...doubtful, witness].flatMap((index) => flows[index] ?? []);
    const again = await sampleFlows(asked, { ...pace, total: CONFIRMING * asked.length }, context);
    const silent = again.flows.flatMap((flow) => (flow.received === 0 ? [flow.port] : []));
    const isKnown = again.fault?.outcome !== 'unobserved' && again.flows.at(-1)?.received === CONFIRMING;
    return attemptOfSample(sample, isKnown ? silent : [], thresholds);
  } finally {
    closeFlows(flows);
  }
}
