import type { Case, ClusterNode, Topology } from '../../../model.ts';
import type { Look, Ruling } from '../check.ts';
import { contains, isSameAddress, parseNet } from '../cidr.ts';
import {
  type Announcement,
  announcementsOf,
  announces,
  type Cni,
  cnis,
  usualCause,
} from './announcements.ts';
import { type FactCase, failed, listed, type NodeFact, ruled, standsOut } from './fact.ts';
import { flannelFaults } from './flannel.ts';
import { addressKey, allNodes, internalIpsOf, ownersIn } from './owners.ts';

/** One case per Node and CNI that announces anything on any Node: from the API alone. */
export const announced = {
  name: 'announced',
  expand: ({ nodes }): FactCase[] =>
    cnis
      .filter((cni) => nodes.some((node) => announces(node, cni)))
      .flatMap((cni) =>
        nodes.map((node) => ({ node, title: `addresses that ${cni} announces`, about: { cni } })),
      ),
  judge,
} as const satisfies NodeFact;

function judge({ source, about }: Case, _found: unknown, look: Look): Ruling {
  const { topology } = look;
  const cni = about?.cni as Cni;
  const node = topology.nodes.find(({ name }) => name === source.node);
  if (node === undefined) return failed(`Node ${source.node} is not in the API's list`);
  const faults: string[] = cni === 'flannel' ? flannelFaults(node, look) : [];
  const good: string[] = [];
  for (const one of announcementsOf(cni)) {
    const value = node.annotations[one.key];
    const wrong =
      value === undefined ? silenceOf(one, cni, node, topology) : faultsOf(one, value, cni, node, look);
    faults.push(...wrong);
    if (value !== undefined && wrong.length === 0) good.push(`${one.key} ${value}`);
  }
  const nothing = `${cni} announces nothing here, another CNI does`;
  return ruled(faults, good.length === 0 ? nothing : `as the API has it: ${good.join(', ')}`);
}

function faultsOf(one: Announcement, value: string, cni: Cni, node: ClusterNode, look: Look): string[] {
  const { topology } = look;
  const said = `${one.key} is ${value}`;
  if (parseNet(value)?.family !== one.family) return [`${said}, which is no IP${one.family} address`];
  const users = look.once(`node/announced/${one.key}`, () =>
    Map.groupBy(allNodes(topology), ({ annotations }) => addressKey(annotations[one.key] ?? '')),
  );
  const same = (users.get(addressKey(value)) ?? []).filter(({ name }) => name !== node.name);
  const more = one.is === 'node' ? notOwn(one, value, cni, node, look) : notFree(one, value, node, topology);
  return [
    ...(same.length === 0 ? [] : [`${said}, and so it is on ${listed(same.map(({ name }) => name))}`]),
    ...more.map((fault) => `${said}, but ${fault}`),
  ];
}

function notOwn(one: Announcement, value: string, cni: Cni, node: ClusterNode, { settings }: Look): string[] {
  const set = one.setBy === undefined ? undefined : node.annotations[one.setBy];
  if (set !== undefined) return isSameAddress(set, value) ? [] : [`${one.setBy} wants ${set}`];
  const own = internalIpsOf(node).filter((ip) => parseNet(ip)?.family === one.family);
  if (own.some((ip) => isSameAddress(ip, value))) return [];
  const [address = ''] = value.split('/');
  const net = parseNet(address);
  const allowed = settings.node.announcedNetworks.flatMap((text) => parseNet(text) ?? []);
  if (net !== undefined && allowed.some((range) => contains(range, net))) return [];
  const expected = own.length === 0 ? 'there is none of that family' : `that is ${own.join(' or ')}`;
  return [`it must be the Node's InternalIP and ${expected}: ${usualCause[cni]}`];
}

function notFree(one: Announcement, value: string, node: ClusterNode, topology: Topology): string[] {
  const owners = ownersIn(topology);
  const holder = owners.ofInternalIp(value);
  const net = parseNet(value.split('/')[0] ?? '');
  const others = net === undefined || !owners.usePodCidrs ? [] : owners.ofPodNetwork(net);
  const owner = others.find((name) => name !== node.name);
  const presence = topology.nodes.map(({ annotations }) => annotations[one.key] !== undefined);
  return [
    ...(holder === undefined ? [] : [`that is the InternalIP of ${holder}`]),
    ...(owner === undefined ? [] : [`that is in the PodCIDR of ${owner}`]),
    ...(standsOut(true, presence) ? ['as many Nodes or more announce none: is it of an older set-up?'] : []),
  ];
}

function silenceOf(one: Announcement, cni: Cni, node: ClusterNode, { nodes }: Topology): string[] {
  const having = nodes.filter(({ annotations }) => annotations[one.key] !== undefined);
  if (having.length === 0) return [];
  const presence = nodes.map(({ annotations }) => annotations[one.key] !== undefined);
  if (one.is === 'tunnel' && !standsOut(false, presence)) return [];
  // What a CNI that is gone left behind on the older Nodes is nothing that a newer one lacks.
  const byAnother = cnis.some(
    (other) => other !== cni && [node, ...having].every((each) => announces(each, other)),
  );
  if (byAnother) return [];
  return [
    `${one.key} is absent, ${listed(having.map(({ name }) => name))} ${having.length > 1 ? 'have' : 'has'} it`,
  ];
}
