import { HttpMethod } from '@kubernetes/client-node';
import type { KubeClient } from './connect.ts';
import { createLineSplitter } from './lines.ts';
import { rawRequest } from './raw-request.ts';

/** Kubernetes' watch event, one JSON value a line: https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes */
export interface Change<T> {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  object: T;
}

export interface WatchOptions<T> {
  /** `labelSelector`; `resourceVersion` to begin after it, without it every object there is comes first as ADDED. */
  query: Readonly<Record<string, string>>;
  /** Ended when nothing came for so long: a stream that broke unnoticed is as silent as a cluster where nothing happens. */
  quietMs: number;
  signal: AbortSignal;
  onChange(change: Change<T>): void;
}

/** No object comes near this. */
const MAX_EVENT_BYTES = 4 * 1024 * 1024;
const CHANGES = new Set(['ADDED', 'MODIFIED', 'DELETED']);

/**
 * Follows a collection (`/api/v1/namespaces/x/pods`) by one request, until it ends: by silence, or in any other way
 * (not permitted, too old a version, the server's time-out, a proxy's). Never throws and proves nothing by ending:
 * whoever needs to know then asks in the ordinary way, and learns from that what is wrong.
 */
export async function watch<T>(
  client: KubeClient,
  collection: string,
  { query, quietMs, signal, onChange }: WatchOptions<T>,
): Promise<'quiet' | 'closed'> {
  const quiet = new AbortController();
  const timer = setTimeout(() => quiet.abort(), quietMs);
  try {
    const ended = AbortSignal.any([signal, quiet.signal]);
    const options = { ...query, watch: 'true' };
    const request = await rawRequest(client, HttpMethod.GET, collection, options, ended);
    const { httpStatusCode, body } = await client.transport.open(request);
    const stream = body.stream();
    if (httpStatusCode !== 200 || stream === null) return 'closed';
    const splitter = createLineSplitter(MAX_EVENT_BYTES);
    for await (const chunk of stream) {
      timer.refresh();
      const { lines, fault } = splitter.push(Buffer.from(chunk));
      for (const line of lines) {
        const change: { type: string } = JSON.parse(line);
        if (change.type === 'ERROR') return 'closed';
        if (CHANGES.has(change.type)) onChange(change as Change<T>);
      }
      if (fault !== undefined) return 'closed';
    }
    return 'closed';
  } catch {
    return quiet.signal.aborted ? 'quiet' : 'closed';
  } finally {
    clearTimeout(timer);
    // Lets go of the connection, whatever is still to come on it.
    quiet.abort();
  }
}
