import { join } from 'node:path';
import type { KubeClient } from '../kube/connect.ts';
import { fetchResult, newestResult } from '../remote/fetch-result.ts';
import { judgeRecorded, type Reported } from './judge.ts';

/** The newest result in the Namespace, of one Job where it is named, with all its reports made here. */
export async function bringHome(
  client: KubeClient,
  namespace: string,
  { results, dir, job }: { results: string; dir?: string | undefined; job?: string },
): Promise<Reported & { dir: string }> {
  const stored = await newestResult(client, namespace, job);
  const folder = dir ?? join(results, stored.run);
  await fetchResult(client, namespace, stored, folder);
  return { ...(await judgeRecorded(folder)), dir: folder };
}
