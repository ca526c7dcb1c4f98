// What is delivered in these tests, and to whom: a run's folder, and listeners that keep what they were sent.
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { deliverSection } from '../../../src/config/sections/deliver.ts';
import type { Parcel } from '../../../src/deliver/deliver.ts';
import type { DeliverySettings } from '../../../src/model.ts';
import { RESULTS } from '../report/results.ts';

export const FILES = {
  'run.json': '{}',
  'junit.xml': '<testsuites/>',
  'metrics.prom': 'netaccept_exit_code 1\n',
};

type Changes = { [Key in keyof DeliverySettings]?: unknown };

/** A failed run's, delivered nowhere but where `changes` say. */
export async function parcelFor(changes: Changes = {}, env: NodeJS.ProcessEnv = {}): Promise<Parcel> {
  const dir = await mkdtemp(join(tmpdir(), 'netaccept-parcel-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  for (const [name, text] of Object.entries(FILES)) await writeFile(join(dir, name), text);
  const delivery = deliverSection.parse({ terminationMessage: '', ...changes });
  return { result: RESULTS['one-way-fault'], dir, delivery, env };
}

export interface Received {
  method: string | undefined;
  path: string | undefined;
  headers: IncomingHttpHeaders;
  body: string;
}

/** An HTTP server on loopback that answers every request with `status`; ends with the test. */
export async function listener(status = 200): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method, url, headers } = request;
    received.push({ method, path: url, headers, body: Buffer.concat(chunks).toString('utf8') });
    response.writeHead(status).end('what a server says');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
}
