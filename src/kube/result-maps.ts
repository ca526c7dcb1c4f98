// Results as ConfigMaps: one archive in parts, each labelled by its run. Names and labels first, then how they are
// written, listed, read back and removed.
import { createHash } from 'node:crypto';
import { ApiException, HttpMethod, type V1ObjectMeta } from '@kubernetes/client-node';
import { asked, askedUnless } from './api-error.ts';
import { call } from './call.ts';
import type { KubeClient } from './connect.ts';
import { deleteLabelled } from './delete-labelled.ts';
import { COMPONENT_LABEL, NAME_LABEL } from './names.ts';
import { rawRequest } from './raw-request.ts';

/** A ConfigMap holds 1 MiB, its names included. */
export const PART_BYTES = 900 * 1024;

const RUN = 'netaccept.io/run';
const JOB = 'netaccept.io/job';
const PARTS = 'netaccept.io/parts';
const DIGEST = 'netaccept.io/sha256';
const VERDICT = 'netaccept.io/verdict';
const KEY = 'recording.tgz';
const RESULTS = `${NAME_LABEL}=netaccept,${COMPONENT_LABEL}=result`;

export interface StoredResult {
  run: string;
  /** Whose run it was; empty where it was no Job's. */
  job: string;
  verdict: string;
  parts: number;
  /** SHA-256 of the archive, hexadecimal. */
  digest: string;
  /** Names of its ConfigMaps, in order. Fewer than `parts` while it is written, or where writing it failed. */
  maps: string[];
}

export async function writeResult(
  client: KubeClient,
  namespace: string,
  { run, job, verdict }: Pick<StoredResult, 'run' | 'job' | 'verdict'>,
  archive: Buffer,
): Promise<void> {
  const parts = Math.max(1, Math.ceil(archive.length / PART_BYTES));
  const annotations = { [PARTS]: String(parts), [DIGEST]: digestOf(archive), [VERDICT]: verdict };
  const labels = {
    [NAME_LABEL]: 'netaccept',
    [COMPONENT_LABEL]: 'result',
    [RUN]: run,
    ...(job === '' ? {} : { [JOB]: job }),
  };
  for (let part = 0; part < parts; part++) {
    const name = mapName(run, part);
    const bytes = archive.subarray(part * PART_BYTES, (part + 1) * PART_BYTES);
    const body = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace, labels, annotations },
      immutable: true,
      binaryData: { [KEY]: bytes.toString('base64') },
    };
    const request = client.core.createNamespacedConfigMap({ namespace, body }, call());
    // There already: ours, from a request whose answer was lost.
    await askedUnless(409, `creating configmap ${namespace}/${name}`, request);
  }
}

/** Every run's, the newest first: run ids begin with their time. Their data is not asked for. */
export async function listResults(
  client: KubeClient,
  namespace: string,
  job?: string,
): Promise<StoredResult[]> {
  const labelSelector = job === undefined ? RESULTS : `${RESULTS},${JOB}=${job}`;
  const path = `/api/v1/namespaces/${namespace}/configmaps`;
  const items = await asked(
    `listing configmaps in namespace ${namespace}`,
    metadataOf(client, path, labelSelector),
  );
  const byRun = Map.groupBy(items, ({ labels }) => labels?.[RUN] ?? '');
  byRun.delete('');
  return [...byRun].map(([run, maps]) => stored(run, maps)).sort((a, b) => (a.run < b.run ? 1 : -1));
}

/** Throws an Error that says what is missing or damaged. */
export async function readResult(
  client: KubeClient,
  namespace: string,
  { run, parts, digest, maps }: StoredResult,
): Promise<Buffer> {
  if (maps.length !== parts) throw new Error(`run ${run} has ${maps.length} of its ${parts} ConfigMaps`);
  const chunks: Buffer[] = [];
  for (const name of maps) {
    const request = client.core.readNamespacedConfigMap({ name, namespace }, call());
    const { binaryData } = await asked(`reading configmap ${namespace}/${name}`, request);
    chunks.push(Buffer.from(binaryData?.[KEY] ?? '', 'base64'));
  }
  const archive = Buffer.concat(chunks);
  if (digestOf(archive) !== digest) throw new Error(`the ConfigMaps of run ${run} do not fit together`);
  return archive;
}

/** All but the newest `keep`. Returns their runs. */
export async function removeOldResults(
  client: KubeClient,
  namespace: string,
  keep: number,
): Promise<string[]> {
  const old = (await listResults(client, namespace)).slice(keep).map(({ run }) => run);
  for (const run of old) await removeResult(client, namespace, run);
  return old;
}

export async function removeResult(client: KubeClient, namespace: string, run: string): Promise<void> {
  await deleteLabelled(client, `/api/v1/namespaces/${namespace}/configmaps`, `${RESULTS},${RUN}=${run}`);
}

/** Bytewise in the parts' order, up to the hundredth. */
function mapName(run: string, part: number): string {
  return `netaccept-result-${run.toLowerCase()}-${String(part).padStart(2, '0')}`;
}

function stored(run: string, maps: readonly V1ObjectMeta[]): StoredResult {
  const { labels, annotations } = maps[0] ?? {};
  return {
    run,
    job: labels?.[JOB] ?? '',
    verdict: annotations?.[VERDICT] ?? '',
    parts: Number(annotations?.[PARTS]),
    digest: annotations?.[DIGEST] ?? '',
    maps: maps.map(({ name = '' }) => name).sort(),
  };
}

async function metadataOf(client: KubeClient, path: string, labelSelector: string): Promise<V1ObjectMeta[]> {
  const request = await rawRequest(client, HttpMethod.GET, path, { labelSelector });
  request.setHeaderParam('Accept', 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1');
  const { httpStatusCode, headers, body } = await client.transport.send(request);
  const text = await body.text();
  if (httpStatusCode >= 300) throw new ApiException(httpStatusCode, 'refused', text, headers);
  const { items } = JSON.parse(text) as { items?: { metadata?: V1ObjectMeta }[] };
  return (items ?? []).map(({ metadata }) => metadata ?? {});
}

function digestOf(archive: Buffer): string {
  return createHash('sha256').update(archive).digest('hex');
}
