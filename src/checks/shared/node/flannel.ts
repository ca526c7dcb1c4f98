import type { ClusterNode, Family } from '../../../model.ts';
import type { Look } from '../check.ts';
import { flannelBackend, vtepMacOf } from './announcements.ts';
import type { FoundDevice } from './devices.ts';
import { listed, standsOut } from './fact.ts';

/** What flannel announces beside addresses: its backend, and the MAC address that VXLAN frames are sent to. */
export function flannelFaults(node: ClusterNode, look: Look): string[] {
  const { nodes } = look.topology;
  const type = node.annotations[flannelBackend.type];
  const types = nodes.flatMap(({ annotations }) => annotations[flannelBackend.type] ?? []);
  const others = [...new Set(types.filter((other) => other !== type))];
  return [
    ...(type !== undefined && standsOut(type, types)
      ? [`${flannelBackend.type} is ${type}, other Nodes have ${listed(others)}`]
      : []),
    ...(['v4', 'v6'] as const).flatMap((family) => macFaults(node, family, look)),
  ];
}

function macFaults(node: ClusterNode, family: Family, look: Look): string[] {
  const mac = vtepMacOf(node, family);
  if (mac === undefined) return [];
  const said = `${flannelBackend.data[family]} announces MAC ${mac}`;
  const users = look.once(`node/flannel/${family}`, () =>
    Map.groupBy(look.topology.nodes, (other) => vtepMacOf(other, family)),
  );
  const same = (users.get(mac) ?? []).filter(({ name }) => name !== node.name);
  const device = devicesOf(node, look).find(({ name }) =>
    family === 'v4' ? /^flannel\.\d+$/.test(name) : /^flannel-v6\.\d+$/.test(name),
  );
  return [
    ...(same.length === 0 ? [] : [`${said}, and so does ${listed(same.map(({ name }) => name))}`]),
    ...(device?.mac === undefined || device.mac === mac
      ? []
      : [`${said}, but ${device.name} has ${device.mac}`]),
  ];
}

/** As the Node's own case of its devices found them, if it did. */
function devicesOf(node: ClusterNode, look: Look): FoundDevice[] {
  const cases = look.once('node/flannel/cases', () => {
    const all = look.cases.filter(({ check, about }) => check === 'node' && about?.fact === 'devices');
    return new Map(all.map((entry) => [entry.source.node, entry.id]));
  });
  const found = look.seen(cases.get(node.name) ?? '')?.found;
  return (found as { devices: FoundDevice[] } | undefined)?.devices ?? [];
}
