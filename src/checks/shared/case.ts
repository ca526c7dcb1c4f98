import type { Case, Endpoint, Network, PathName, Settings, Target, Topology } from '../../model.ts';

type Draft = Omit<Case, 'id' | 'skip'> & { skip?: string | undefined };

/** A case with its id, made of names only: `path/check/family source → target`. */
export function caseOf({ skip, ...draft }: Draft): Case {
  const { check, path, family, source, target } = draft;
  const kind = [path, check, ...(family === undefined ? [] : [family])].join('/');
  const id = `${kind} ${source.node} → ${target.name}`;
  return { id, ...draft, ...(skip === undefined ? {} : { skip }) };
}

export interface Source {
  path: PathName;
  endpoint: Endpoint;
  /** Why no case can start here. */
  skip: string | undefined;
}

/** Every Node's pod network and host network, as sources of the path of each that is named. */
export function sourcesOf(
  { cluster, nodes }: Topology,
  settings: Settings,
  paths: Partial<Record<Network, PathName>>,
): Source[] {
  return nodes.flatMap(({ name: node }) =>
    (['pod', 'host'] as const).flatMap((network) => {
      const path = paths[network];
      if (path === undefined) return [];
      return [{ path, endpoint: { cluster, node, network }, skip: skipFrom(network, settings) }];
    }),
  );
}

/** Why nothing can start in (or go to) this network with these settings. */
export function skipFrom(network: Network, { agents }: Settings): string | undefined {
  if (network === 'pod' || agents.hostNetwork) return undefined;
  return 'host-network agents are switched off (agents.hostNetwork)';
}

export function localityOf(source: Endpoint, target: Target): Pick<Case, 'locality'> {
  if (target.node === undefined) return {};
  return { locality: source.node === target.node ? 'same-node' : 'cross-node' };
}
