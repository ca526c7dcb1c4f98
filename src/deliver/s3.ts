import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AwsClient } from 'aws4fetch';
import { isOurFile, isRecordingPath } from '../run/recording.ts';
import { MEDIA_TYPES } from '../run/report-names.ts';
import type { Parcel } from './deliver.ts';
import { mustAccept, SEND_MS } from './post.ts';

const TYPES: Readonly<Record<string, string>> = { ...MEDIA_TYPES, md: 'text/markdown; charset=utf-8' };

/** Every file of the run as `<prefix>/<run>/<file>`, its outcome last: where that is, the run is whole. */
export async function toS3({ dir, result, delivery: { s3 }, env }: Parcel): Promise<void> {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN } = env;
  if (!(accessKeyId && secretAccessKey)) {
    throw new Error('AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not both set');
  }
  const client = new AwsClient({
    accessKeyId,
    secretAccessKey,
    ...(AWS_SESSION_TOKEN ? { sessionToken: AWS_SESSION_TOKEN } : {}),
    service: 's3',
    region: s3.region,
    retries: 3,
  });
  const endpoint = s3.endpoint === '' ? `https://s3.${s3.region}.amazonaws.com` : s3.endpoint;
  const folder = [s3.bucket, s3.prefix, result.run].filter((part) => part !== '').join('/');
  for (const path of await filesOf(dir)) {
    // By path, not by host: that is what every object store of one's own understands.
    const url = `${endpoint.replace(/\/+$/, '')}/${folder}/${path}`;
    const body = await readFile(join(dir, path));
    const options = {
      method: 'PUT',
      headers: {
        'content-type': TYPES[path.split('.').at(-1) ?? ''] ?? 'text/plain; charset=utf-8',
        // Else the body would not be part of what is signed.
        'x-amz-content-sha256': createHash('sha256').update(body).digest('hex'),
      },
      body,
      signal: AbortSignal.timeout(SEND_MS),
    };
    await mustAccept(url, client.fetch(url, options));
  }
}

async function filesOf(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true });
  const ours = entries.filter((path) => (isRecordingPath(path) || isOurFile(path)) && !path.endsWith('.tmp'));
  const isLast = (path: string) => (path === 'outcome.jsonl' ? 1 : 0);
  return ours.sort((a, b) => isLast(a) - isLast(b) || (a < b ? -1 : 1));
}
