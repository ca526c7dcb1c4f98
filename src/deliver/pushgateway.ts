import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Parcel } from './deliver.ts';
import { mustAccept, SEND_MS } from './post.ts';

/** Replaces the group of this job and cluster: what an earlier run said of it is no longer true. */
export async function toPushgateway({ dir, result, delivery: { pushgateway }, env }: Parcel): Promise<void> {
  // base64, because a cluster's name may hold a slash: https://github.com/prometheus/pushgateway#url
  const cluster = Buffer.from(result.cluster).toString('base64url') || '=';
  const base = pushgateway.url.replace(/\/+$/, '');
  const url = `${base}/metrics/job/${encodeURIComponent(pushgateway.job)}/cluster@base64/${cluster}`;
  const login = env.NETACCEPT_PUSHGATEWAY_AUTH ?? '';
  const basic = `Basic ${Buffer.from(login).toString('base64')}`;
  const request = fetch(url, {
    method: 'PUT',
    headers: {
      'content-type': 'text/plain; version=0.0.4',
      ...(login === '' ? {} : { authorization: basic }),
    },
    body: await readFile(join(dir, 'metrics.prom')),
    signal: AbortSignal.timeout(SEND_MS),
  });
  await mustAccept(url, request);
}
