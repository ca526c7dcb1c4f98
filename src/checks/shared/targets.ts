import { isIP } from 'node:net';
import type {
  Attempt,
  Case,
  Family,
  Network,
  PathName,
  Settings,
  Target,
  TargetSettings,
  Topology,
} from '../../model.ts';
import { nodeNamed, sourceOf } from './aim.ts';
import { caseOf, localityOf, sourcesOf } from './case.ts';
import type { Aim } from './check.ts';
import { familiesOfNetwork } from './families.ts';
import { type Asked, countOf } from './question.ts';

/**
 * A case for each target, each network that asks, each place to connect to (for `nodes`: each Node) and each
 * family: an address has its own; a name must have all that its source has, unless `families` says less.
 */
export function expandTargets(
  check: string,
  targets: readonly TargetSettings[],
  topology: Topology,
  settings: Settings,
  paths: Record<Network, PathName>,
): Case[] {
  const sources = sourcesOf(topology, settings, paths);
  return targets.flatMap((target) =>
    sources
      .filter(({ endpoint }) => target.from.includes(endpoint.network))
      .flatMap(({ path, endpoint: source, skip }) =>
        placesOf(target, topology).flatMap((place) =>
          familiesOf(target, place, source.network, topology).map((family) => {
            const to = endOf(target, place, topology);
            const about = aboutOf(target, place);
            return caseOf({
              check,
              path,
              family,
              source,
              target: to,
              ...localityOf(source, to),
              about,
              skip,
            });
          }),
        ),
      ),
  );
}

/** Where a case of `expandTargets` goes. Its attempt is `attemptQuestion`. */
export function aimAtTarget(
  entry: Case,
  targets: readonly TargetSettings[],
  topology: Topology,
  { probe }: Settings,
): Aim {
  const { at, question } = targetOf(entry, targets);
  const { family, source, about = {} } = entry;
  const { at: host = '' } = about;
  if (family === undefined) throw new Error(`${entry.id} has no family`);
  // Only where the settings ask for a family can the cluster lack it.
  if (!familiesOfNetwork(topology, source.network).includes(family)) {
    return unsent({
      outcome: 'unreachable',
      detail: `no ${source.network} of this cluster has ${labelOf(family)}`,
    });
  }
  const start = sourceOf(entry, topology);
  if ('unsent' in start) return start.unsent;
  const lookUp = at !== 'nodes' && isIP(host) === 0;
  const address = at === 'nodes' ? nodeNamed(host, topology)?.addresses[family] : lookUp ? '' : host;
  if (address === undefined) {
    const detail = `node ${host} has no ${labelOf(family)} address, the cluster has`;
    return unsent({ outcome: 'no-address', detail });
  }
  return {
    kind: 'probe',
    address,
    port: question.port,
    expect: [],
    count: countOf(question, probe),
    ask: { question, ...(lookUp && { lookUp: host }) } satisfies Asked,
  };
}

/** The target that a case of `expandTargets` is about. */
export function targetOf(entry: Case, targets: readonly TargetSettings[]): TargetSettings {
  const target = targets.find(({ name }) => name === entry.about?.target);
  if (target === undefined) throw new Error(`${entry.id} is about no target of the settings`);
  return target;
}

/** One place to connect to. */
type Place = { host: string } | { node: string };

function placesOf({ at }: TargetSettings, { nodes }: Topology): Place[] {
  return at === 'nodes' ? nodes.map(({ name }) => ({ node: name })) : at.map((host) => ({ host }));
}

function familiesOf(target: TargetSettings, place: Place, from: Network, topology: Topology): Family[] {
  const version = 'host' in place ? isIP(place.host) : 0;
  if (version !== 0) return [version === 4 ? 'v4' : 'v6'];
  if (target.families !== undefined) return target.families;
  const known = familiesOfNetwork(topology, from);
  const there = 'node' in place ? familiesOfNetwork(topology, 'host') : known;
  return known.filter((family) => there.includes(family));
}

/** Hosts stand in ids as the user wrote them: they are as stable as the target's own name. */
function endOf({ name, placed }: TargetSettings, place: Place, { cluster }: Topology): Target {
  if ('node' in place)
    return { cluster, name: `${name} at ${place.node}`, node: place.node, network: 'host' };
  return { cluster, name: placed ? `${name} at ${place.host}` : name };
}

function aboutOf({ name, question }: TargetSettings, place: Place): Record<string, string> {
  return { target: name, protocol: question.protocol, at: 'node' in place ? place.node : place.host };
}

function unsent(attempt: Attempt): Aim {
  return { kind: 'unsent', attempt };
}

function labelOf(family: Family): string {
  return family === 'v4' ? 'IPv4' : 'IPv6';
}
