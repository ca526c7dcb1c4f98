// Runs the command as a user would: as a process, judged by its exit code and what it left behind.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import type { RunResult, Verdict } from '../../src/model.ts';
import { readRecording } from '../../src/run/recording.ts';
import type {} from './provided.ts';

const MAIN = new URL('../../src/cli/main.ts', import.meta.url).pathname;

/** The checks between Nodes and pods: what is said here exactly must not hang on all the others. */
export const PAIRS = ['--only', 'tcp,http,udp,icmp'];

export interface Ran {
  exitCode: number;
  stdout: string;
  stderr: string;
  /** All that a terminal would show. */
  said: string;
  dir: string;
}

export interface RunOptions {
  env?: Record<string, string>;
  cwd?: string;
  /** Words in front of the command: how it is started where it is the runner that is in trouble. */
  under?: readonly string[];
  /** Called with every line of stderr while the command runs. */
  onLine?: (line: string, kill: (signal: NodeJS.Signals) => void) => void;
  /** Called once, at once: for what must happen when something else than a line shows that it is time. */
  onStart?: (kill: (signal: NodeJS.Signals) => void) => void;
}

/** `netaccept …` with the test cluster's kubeconfig and image, unless the options say otherwise. */
export async function netaccept(args: string[], options: RunOptions = {}): Promise<Ran> {
  const dir = await mkdtemp(join(tmpdir(), 'netaccept-run-'));
  const out = args[0] === 'check' && !args.includes('--out') ? ['--out', dir] : [];
  const env = {
    ...process.env,
    KUBECONFIG: inject('kubeconfig'),
    NETACCEPT_IMAGE_NAME: inject('agentImage'),
    NETACCEPT_IMAGE_PULL_POLICY: 'Never',
    ...options.env,
  };
  const [program = '', ...words] = [...(options.under ?? []), process.execPath, MAIN, ...args, ...out];
  const child = spawn(program, words, { env, cwd: options.cwd ?? dir });
  options.onStart?.((signal) => child.kill(signal));
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    for (const line of text.split('\n')) options.onLine?.(line, (signal) => child.kill(signal));
  });
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? -1));
  });
  return { exitCode, stdout, stderr, said: stdout + stderr, dir };
}

export interface Checked extends Ran {
  result: RunResult;
}

/** `netaccept check --json …`. Faults are judged with short time-outs: nothing here is far away. */
export async function check(args: string[] = [], options: RunOptions = {}): Promise<Checked> {
  const env = { NETACCEPT_PROBE_TIMEOUT: '1s', ...options.env };
  const ran = await netaccept(['check', '--json', ...args], { ...options, env });
  return { ...ran, result: JSON.parse(ran.stdout) as RunResult };
}

/** Ids of all cases with this verdict, bytewise. */
export function idsWith(result: RunResult, verdict: Verdict): string[] {
  return result.verdicts.filter((entry) => entry.verdict === verdict).map((entry) => entry.case.id);
}

export async function junitOf(dir: string): Promise<string> {
  return readFile(join(dir, 'junit.xml'), 'utf8');
}

export async function addressesIn(dir: string): Promise<Map<string, { v4?: string; v6?: string }>> {
  const { header } = await readRecording(dir);
  const agents = header.topology?.agents ?? [];
  return new Map(agents.map((agent) => [`${agent.network} ${agent.role} ${agent.node}`, agent.addresses]));
}
