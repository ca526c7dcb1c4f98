// The real agent, bundled as the image has it, as a process of its own.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { bundleAgent } from '../../ci/image/bundle.ts';
import type { Observation, Probe } from '../../src/model.ts';
import { type AgentLine, type ArrivalsQuestion, type BatchRequest, WIRE } from '../../src/wire.ts';

export const TOKEN = '0123456789abcdef';
export const NONCE = 'ffeeddccbbaa99887766554433221100';

export const environment: Readonly<Record<string, string>> = {
  NETACCEPT_TOKEN: TOKEN,
  NETACCEPT_NODE: 'node-a',
  NETACCEPT_POD: 'netaccept-a1',
  NETACCEPT_UID: 'uid-a',
  NETACCEPT_TCP_PORT: '0',
  NETACCEPT_HTTP_PORT: '0',
  NETACCEPT_UDP_PORT: '0',
};

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netaccept-agent-'));
  await writeFile(join(folder, 'agent.cjs'), await bundleAgent());
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** `before` is put in front of the command, e.g. `['prlimit', '--nofile=20']`. */
export function startAgent(
  command: string,
  env = environment,
  before: string[] = [],
): ChildProcessWithoutNullStreams {
  const [program = process.execPath, ...rest] = [
    ...before,
    process.execPath,
    join(folder, 'agent.cjs'),
    command,
  ];
  const agent = spawn(program, rest, { env: { PATH: process.env.PATH, ...env } });
  onTestFinished(() => {
    agent.kill('SIGKILL');
  });
  return agent;
}

/** Its exit code (or signal) and everything that it printed. */
export async function ended(
  agent: ChildProcessWithoutNullStreams,
): Promise<{ code: unknown; out: string; err: string }> {
  let out = '';
  let err = '';
  agent.stdout.on('data', (chunk) => {
    out += chunk;
  });
  agent.stderr.on('data', (chunk) => {
    err += chunk;
  });
  const [code, signal] = await once(agent, 'close');
  return { code: code ?? signal, out, err };
}

export async function startServing(env: Record<string, string> = {}) {
  const agent = startAgent('serve', { ...environment, ...env });
  const stderr: string[] = [];
  agent.stderr.on('data', (chunk) => stderr.push(String(chunk)));
  for await (const line of createInterface(agent.stdout)) {
    const { tcp, http, udp } = JSON.parse(line) as { tcp: number; http: number; udp: number };
    return { agent, tcp, http, udp };
  }
  throw new Error(`serve ended before it served: ${stderr.join('')}`);
}

export function batchOf(probes: Probe[], more: Partial<BatchRequest> = {}): BatchRequest {
  const limits = {
    concurrency: 16,
    calmConcurrency: 4,
    perTarget: 16,
    pace: 10_000,
    deadlineMs: 60_000,
    maxLossPercent: 0,
  };
  return { wire: WIRE, run: 'test', ...limits, rounds: [{ round: 'main', probes }], ...more };
}

export function probeOf(check: string, port: number, more: Partial<Probe> = {}): Probe {
  const aim = { family: 'v4' as const, address: '127.0.0.1', port, expect: ['uid-a'] };
  return { case: `${check} ${port}`, check, ...aim, timeoutMs: 5000, attempts: 1, count: 1, ...more };
}

export interface Told {
  lines: AgentLine[];
  observations: Observation[];
  code: unknown;
  err: string;
}

const NOTHING_TO_ASK: ArrivalsQuestion = { marks: [], sinceMs: 0 };

/** One batch in a process of its own. Its stdin stays open, as an exec's does, and in the end it is asked `question`. */
export function startBatch(
  request: BatchRequest | string,
  before: string[] = [],
  { question = NOTHING_TO_ASK, env = {} }: { question?: ArrivalsQuestion; env?: Record<string, string> } = {},
) {
  const agent = startAgent('probe', { ...environment, ...env }, before);
  createInterface(agent.stdout).on('line', (line) => {
    if (line.startsWith('{"type":"probed"')) agent.stdin.write(`${JSON.stringify(question)}\n`);
  });
  agent.stdin.write(typeof request === 'string' ? request : `${JSON.stringify(request)}\n`);
  const told = ended(agent).then(({ code, out, err }): Told => {
    const lines = out
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as AgentLine);
    const observations = lines.flatMap((line) => (line.type === 'observation' ? [line.observation] : []));
    return { lines, observations, code, err };
  });
  return { agent, told };
}
