import { HttpMethod } from '@kubernetes/client-node';
import type { KubeClient } from './connect.ts';
import { createLineSplitter } from './lines.ts';
import { rawRequest } from './raw-request.ts';

const MAX_LINE_BYTES = 1024 * 1024;

export interface LogPosition {
  /** Time of the last line that was handed out, as the kubelet wrote it, and its text: where to go on. */
  time: string;
  /** Texts of all lines with that time: the kubelet repeats the second, not the line. */
  seen: Set<string>;
}

/**
 * Follows a container's log from `position` on, until the stream ends, however it ends: whoever asks again goes on where
 * this one stopped, and gets no line twice. `position` is kept up to date.
 */
export async function followLog(
  client: KubeClient,
  { namespace, pod }: { namespace: string; pod: string },
  position: LogPosition,
  { onLine, signal }: { onLine: (line: string) => void; signal: AbortSignal },
): Promise<void> {
  const done = new AbortController();
  try {
    const path = `/api/v1/namespaces/${namespace}/pods/${pod}/log`;
    const query = {
      follow: 'true',
      timestamps: 'true',
      ...(position.time === '' ? {} : { sinceTime: position.time.replace(/\.\d+Z$/, 'Z') }),
    };
    const ended = AbortSignal.any([signal, done.signal]);
    const request = await rawRequest(client, HttpMethod.GET, path, query, ended);
    const { httpStatusCode, body } = await client.transport.open(request);
    const stream = body.stream();
    if (httpStatusCode !== 200 || stream === null) return;
    const splitter = createLineSplitter(MAX_LINE_BYTES);
    for await (const chunk of stream) {
      const { lines, fault } = splitter.push(Buffer.from(chunk));
      for (const line of lines) handOut(line, position, onLine);
      if (fault !== undefined) return;
    }
  } catch {
    // A lost connection ends it like anything else.
  } finally {
    done.abort();
  }
}

function handOut(line: string, position: LogPosition, onLine: (line: string) => void): void {
  const space = line.indexOf(' ');
  const time = line.slice(0, space);
  const fraction = timeKey(time);
  const last = timeKey(position.time);
  if (fraction < last || (fraction === last && position.seen.has(line))) return;
  if (fraction > last) position.seen.clear();
  position.time = time;
  position.seen.add(line);
  onLine(line.slice(space + 1));
}

/** Nanoseconds are written without trailing zeros: padded, they compare bytewise. */
function timeKey(time: string): string {
  const [seconds = '', fraction = ''] = time.replace('Z', '').split('.');
  return `${seconds}.${fraction.padEnd(9, '0')}`;
}
