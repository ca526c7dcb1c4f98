import { commaList } from './environment.ts';
import type { Layer } from './layer.ts';
import { type Path, put, startsWith, type Tree } from './tree.ts';

/** What the command line decides. Lists may come as `['tcp', 'udp']` or as one `tcp,udp`. */
export interface Flags {
  kubeconfig?: string | undefined;
  context?: string | undefined;
  namespace?: string | undefined;
  only?: string | readonly string[] | undefined;
  skip?: string | readonly string[] | undefined;
  /** Label selector. */
  nodes?: string | undefined;
  out?: string | undefined;
  /** `--keep` is true, `--clean` is false. */
  keep?: boolean | undefined;
  keepRuns?: string | undefined;
  /** As many packets as it takes to see a little loss. */
  deep?: true | undefined;
}

/** Of check quality: a loss above its threshold is then seen for sure, and a rtt's 95th percentile is one. */
const DEEP_PACKETS = 100;

const pathOf = {
  kubeconfig: ['kubeconfig'],
  context: ['context'],
  namespace: ['namespace'],
  only: ['only'],
  skip: ['skip'],
  nodes: ['nodes', 'selector'],
  out: ['run', 'out'],
  keep: ['run', 'keep'],
  keepRuns: ['run', 'keepRuns'],
  deep: ['quality', 'packets'],
} satisfies Record<keyof Flags, Path>;

export function flagLayer(flags: Flags): Layer {
  const given = flagNames.filter((name) => flags[name] !== undefined);
  return {
    source: given.length === 0 ? '' : `flags (${given.map((name) => written(name, flags)).join(', ')})`,
    tree: given.reduce<Tree>((tree, name) => put(tree, pathOf[name], rawOf(name, flags[name])), {}),
    where: (path) => {
      const name = given.find((candidate) => startsWith(path, pathOf[candidate]));
      return name === undefined ? 'the command line' : written(name, flags);
    },
    problems: [],
    notes: [],
  };
}

const flagNames = Object.keys(pathOf) as (keyof Flags)[];

function rawOf(name: keyof Flags, value: Flags[keyof Flags]): unknown {
  if (name === 'deep') return DEEP_PACKETS;
  if (name !== 'only' && name !== 'skip') return value;
  return [value].flat().flatMap((entry) => commaList(String(entry)));
}

function written(name: keyof Flags, flags: Flags): string {
  if (name === 'keep' && flags.keep === false) return '--clean';
  return name === 'keepRuns' ? '--keep-runs' : `--${name}`;
}
