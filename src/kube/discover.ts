import type { V1Node, V1Taint } from '@kubernetes/client-node';
import { SetupError } from '../errors.ts';
import type { ClusterNode, Settings, Toleration, Topology } from '../model.ts';
import { addressesOf, familiesOf } from './addresses.ts';
import { asked } from './api-error.ts';
import { call } from './call.ts';
import type { KubeClient } from './connect.ts';
import { parseSelector, selects } from './selector.ts';

const ZONE_LABEL = 'topology.kubernetes.io/zone';
const OS_LABEL = 'kubernetes.io/os';

type SelectedNodes = Pick<Topology, 'nodes' | 'excluded'> & { outside: ClusterNode[] };

/** Annotations in which CNIs announce addresses; the others are none of our business, and may be long. */
const CNI_ANNOTATION =
  /^(projectcalico\.org\/IPv\d|flannel\.alpha\.coreos\.com\/|network\.cilium\.io\/ipv\d|io\.cilium\.network\.ipv\d)/;

/**
 * The Nodes under test and those left out, each with its rule, bytewise by name; one LIST. Throws a SetupError
 * if no Node is left: an empty selection is a mistake, never a passed run.
 */
export async function discoverNodes(
  client: KubeClient,
  settings: Pick<Settings, 'nodes' | 'agents'>,
  signal?: AbortSignal,
): Promise<SelectedNodes> {
  parseSelector(settings.nodes.selector);
  const list = await asked('listing the Nodes', client.core.listNode({}, call(signal)));
  return selectNodes(list.items, settings);
}

/** The pure part of `discoverNodes`. */
export function selectNodes(
  all: readonly V1Node[],
  settings: Pick<Settings, 'nodes' | 'agents'>,
): SelectedNodes {
  const nodes: ClusterNode[] = [];
  const excluded: Topology['excluded'] = [];
  const outside: ClusterNode[] = [];
  for (const node of [...all].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))) {
    const rule = ruleAgainst(node, settings);
    if (rule === undefined) nodes.push(clusterNode(node));
    else {
      excluded.push({ node: nameOf(node), rule });
      outside.push(clusterNode(node));
    }
  }
  if (nodes.length > 0) return { nodes, excluded, outside };
  const rules = excluded.map(({ node, rule }) => `${node} (${rule})`);
  throw new SetupError({
    code: 'no-nodes',
    message: `no Node is left to test: ${rules.length === 0 ? 'the cluster has none' : `left out are ${rules.join(', ')}`}`,
    hint: 'check nodes.selector, nodes.exclude and agents.tolerations',
  });
}

/** Why a Node is not under test. The DaemonSets' affinity in objects.ts says the same to the scheduler. */
function ruleAgainst(node: V1Node, settings: Pick<Settings, 'nodes' | 'agents'>): string | undefined {
  const { selector, exclude } = settings.nodes;
  const labels = node.metadata?.labels ?? {};
  if (exclude.includes(nameOf(node))) return 'named in nodes.exclude';
  if (!selects(parseSelector(selector), labels)) return `not selected by nodes.selector "${selector}"`;
  if (labels[OS_LABEL] === 'windows') return `${OS_LABEL}=windows: the agents need Linux`;
  const taint = node.spec?.taints?.find((one) => keepsOut(one, settings.agents.tolerations));
  if (taint !== undefined) return `taint ${taintText(taint)} is not in agents.tolerations`;
  return undefined;
}

/** `node.kubernetes.io/…` tell of a Node's condition: DaemonSets tolerate them, and a sick Node must not go missing. */
function keepsOut(taint: V1Taint, tolerations: readonly Toleration[]): boolean {
  if (taint.effect === 'PreferNoSchedule' || taint.key.startsWith('node.kubernetes.io/')) return false;
  return !tolerations.some(
    ({ key, operator = 'Equal', value = '', effect }) =>
      (effect === undefined || effect === taint.effect) &&
      (key === undefined ? operator === 'Exists' : key === taint.key) &&
      (operator === 'Exists' || value === (taint.value ?? '')),
  );
}

function clusterNode(node: V1Node): ClusterNode {
  const zone = node.metadata?.labels?.[ZONE_LABEL];
  const internal = node.status?.addresses?.filter(({ type }) => type === 'InternalIP') ?? [];
  const all = internal.map(({ address }) => address);
  const addresses = addressesOf(all);
  const others = all.filter((address) => !Object.values(addresses).includes(address));
  const notReady = whyNotReady(node);
  return {
    name: nameOf(node),
    uid: node.metadata?.uid ?? '',
    addresses,
    ...(others.length === 0 ? {} : { otherAddresses: others }),
    podFamilies: familiesOf(node.spec?.podCIDRs ?? []),
    podCidrs: node.spec?.podCIDRs ?? [],
    annotations: announcements(node),
    ready: isReady(node),
    ...(notReady === undefined ? {} : { notReady }),
    schedulable: node.spec?.unschedulable !== true,
    taints: (node.spec?.taints ?? []).map(taintText),
    ...(zone === undefined ? {} : { zone }),
  };
}

export function isReady(node: V1Node): boolean {
  return node.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
}

function whyNotReady(node: V1Node): string | undefined {
  if (isReady(node)) return undefined;
  const condition = node.status?.conditions?.find(({ type }) => type === 'Ready');
  if (condition === undefined) return 'it has no Ready condition yet';
  const { reason, message } = condition;
  return [reason, message].filter((text) => text !== undefined && text !== '').join(': ') || undefined;
}

function announcements(node: V1Node): Record<string, string> {
  const all = Object.entries(node.metadata?.annotations ?? {});
  return Object.fromEntries(all.filter(([key]) => CNI_ANNOTATION.test(key)));
}

function taintText({ key, value, effect }: V1Taint): string {
  return value ? `${key}=${value}:${effect}` : `${key}:${effect}`;
}

function nameOf(node: V1Node): string {
  return node.metadata?.name ?? '';
}
