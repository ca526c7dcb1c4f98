import type { Check, ControlAim } from '../checks/shared/check.ts';
import type { Agent, Control, Family, Probe, Settings, Topology } from '../model.ts';

/** TEST-NET-1 (RFC 5737) and the discard-only prefix (RFC 6666): no host can have these. */
const SILENT_ADDRESS = { v4: '192.0.2.1', v6: '100::1' } as const satisfies Record<Family, string>;

/**
 * The negative controls of one source agent: for each check and family that it probes, a port that is
 * closed (on its own address, where only its own kernel answers) and an address that cannot answer.
 */
export function planControls(
  agent: Agent,
  own: readonly Probe[],
  checks: readonly Check[],
  topology: Topology,
  settings: Settings,
): { controls: Control[]; probes: Probe[] } {
  const controls: Control[] = [];
  const probes: Probe[] = [];
  for (const check of checks) {
    for (const family of topology.families) {
      if (!own.some((probe) => probe.check === check.name && probe.family === family)) continue;
      for (const aim of check.controls(settings)) {
        const address = aim.kind === 'closed-port' ? agent.addresses[family] : SILENT_ADDRESS[family];
        if (address === undefined) continue;
        const control = controlOf(agent, check, family, aim, topology.cluster);
        controls.push(control);
        probes.push({
          case: control.id,
          check: check.name,
          family,
          address,
          port: aim.port,
          expect: [],
          timeoutMs: settings.probe.timeoutMs,
          attempts: 1,
          count: aim.count,
          ...(aim.ask === undefined ? {} : { ask: aim.ask }),
        });
      }
    }
  }
  return { controls, probes };
}

function controlOf(agent: Agent, check: Check, family: Family, aim: ControlAim, cluster: string): Control {
  return {
    id: `control/${[aim.kind, check.name, aim.label ?? [], family].flat().join('/')} ${agent.network} ${agent.node}`,
    kind: aim.kind,
    check: check.name,
    family,
    source: { cluster, node: agent.node, network: agent.network },
  };
}
