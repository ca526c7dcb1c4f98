// The runs that are killed, and how the cluster is put in order after it.

export interface Way {
  name: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
}

/** Namespaces of somebody else: there, what is ours has to be picked out one by one. */
export const SOMEBODYS = ['somebodys', 'somebodys-host'] as const;

export const WAYS: readonly Way[] = [
  { name: 'plain', args: [], env: {} },
  { name: 'policy', args: [], env: { NETACCEPT_POLICY_OWN: 'true' } },
  { name: 'keep', args: ['--keep'], env: {} },
  { name: "somebody's Namespaces", args: ['--namespace', SOMEBODYS[0]], env: {} },
];

export const MENDS = ['clean', 'next run'] as const;
export type Mend = (typeof MENDS)[number];

export interface PlannedKill {
  way: Way;
  mend: Mend;
  /** Of the run's life, 0 to 1. */
  moment: number;
}

/** Every way with every mend in turn; `moments` decides how many there are. */
export function plannedKills(moments: readonly number[], ways: readonly Way[] = WAYS): PlannedKill[] {
  return moments.flatMap((moment, at) => {
    const way = ways[at % ways.length];
    // Turned once a round, or each way would always be mended alike.
    const mend = MENDS[(at + Math.floor(at / ways.length)) % MENDS.length];
    return way === undefined || mend === undefined ? [] : [{ way, mend, moment }];
  });
}
