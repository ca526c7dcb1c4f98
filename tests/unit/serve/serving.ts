// A results folder as runs leave it, served on a free port of this machine, and requests that nobody tidies up first.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunResult } from '../../../src/model.ts';
import { type RunHeader, writeHeader } from '../../../src/run/recording.ts';
import { type ServeOptions, serveResults } from '../../../src/serve/server.ts';
import { writeOutcome, writeReports } from '../../../src/suite/reports.ts';

export const OLD = '2026-11-18T02-30-00Z-aaaaaa';
export const NEW = '2026-11-19T02-30-00Z-bbbbbb';
export const UNFINISHED = '2026-11-20T02-30-00Z-cccccc';

interface Got {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

interface Ask {
  method?: string;
  headers?: Record<string, string>;
}

export interface Served {
  results: string;
  url: string;
  /** What the server had to say. */
  said: string[];
  /** `path` goes onto the wire as it is. */
  ask(path: string, how?: Ask): Promise<Got>;
  end(): Promise<void>;
}

/** `OLD` and `NEW` finished, `UNFINISHED` did not. */
export async function served(
  runs: Readonly<Record<string, RunResult>>,
  options: Partial<ServeOptions> = {},
): Promise<Served> {
  const home = await mkdtemp(join(tmpdir(), 'serve-'));
  const results = join(home, 'results');
  for (const [id, result] of Object.entries(runs)) await writeRun(join(results, id), result);
  const said: string[] = [];
  const serving = await serveResults({
    results,
    address: '127.0.0.1',
    port: 0,
    say: (line) => said.push(line),
    ...options,
  });
  return {
    results,
    url: serving.url,
    said,
    ask: (path, how) => ask(serving.url, path, how),
    end: async () => {
      await serving.close();
      await rm(home, { recursive: true });
    },
  };
}

/** As a run leaves its folder when it is finished. */
export async function writeRun(dir: string, result: RunResult): Promise<void> {
  const header = await writeUnfinished(dir, result);
  await writeReports(dir, result, undefined);
  await writeOutcome(dir, result, header);
}

export async function writeUnfinished(dir: string, result: RunResult): Promise<RunHeader> {
  await mkdir(dir, { recursive: true });
  const { run, started, cluster, version } = result;
  const header: RunHeader = { schema: 1, run, tool: '0.0.0', started, cluster, version, problems: [] };
  await writeHeader(dir, header);
  return header;
}

/** `2026-11-19T02-30-00Z-bbbbbb` began when its name says. */
export function startOf(id: string): string {
  return id.replace(/T(\d\d)-(\d\d)-(\d\d)Z.*/, 'T$1:$2:$3.000Z');
}

function ask(url: string, path: string, { method = 'GET', headers = {} }: Ask = {}): Promise<Got> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const asking = request({ hostname, port, path, method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString('utf8'),
        }),
      );
    });
    asking.on('error', reject);
    asking.end();
  });
}
