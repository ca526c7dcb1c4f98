import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cluster } from '../../fixtures/clusters/cluster.ts';
import { type Fault, withFault } from '../../fixtures/faults/inject.ts';

/** The flag for a configuration file with this content, which is JSON and so YAML too. */
export async function configured(content: object): Promise<string[]> {
  const file = join(await mkdtemp(join(tmpdir(), 'netaccept-config-')), 'netaccept.yaml');
  await writeFile(file, JSON.stringify(content));
  return ['--config', file];
}

/** `judge` while all of these faults are there. */
export function withFaults<T>(
  cluster: Cluster,
  [first, ...rest]: readonly Fault[],
  judge: () => Promise<T>,
): Promise<T> {
  if (first === undefined) return judge();
  return withFault(cluster, first, () => withFaults(cluster, rest, judge));
}
