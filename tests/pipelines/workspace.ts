// A CI job's working folder, with netaccept where npx and PATH look for it.
import { chmod, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { execa } from 'execa';
import { healthy, recordInto } from '../../fixtures/recordings/recorded.ts';

export const ROOT = new URL('../..', import.meta.url).pathname;
const STAND_IN = new URL('./stand-in.ts', import.meta.url).href;

export async function packageVersion(): Promise<string> {
  const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
  return String(version);
}

/** The text of a file in ci/pipelines. */
export function pipelineFile(path: string): Promise<string> {
  return readFile(join(ROOT, 'ci', 'pipelines', path), 'utf8');
}

export async function workspace(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'netaccept-pipeline-'));
  const home = join(folder, 'node_modules', 'netaccept');
  await mkdir(home, { recursive: true });
  const described = { name: 'netaccept', version: await packageVersion(), bin: 'netaccept' };
  await writeFile(join(home, 'package.json'), JSON.stringify(described));
  await writeFile(join(home, 'netaccept'), `#!/usr/bin/env node\nimport(${JSON.stringify(STAND_IN)});\n`);
  await chmod(join(home, 'netaccept'), 0o755);
  await writeFile(join(folder, 'package.json'), '{"private":true}');
  return folder;
}

/**
 * The variables of a CI job: this process's own, without what a test runner adds. npm is offline, so that npx must
 * find the very version that a file names.
 */
export function jobEnvironment(folder: string, more: Record<string, string> = {}): Record<string, string> {
  const path = [
    dirname(process.execPath),
    join(folder, 'node_modules', 'netaccept'),
    process.env.PATH ?? '',
  ].join(delimiter);
  return { PATH: path, HOME: folder, LC_ALL: 'C.UTF-8', npm_config_offline: 'true', ...more };
}

export interface Ended {
  exitCode: number;
  stdout: string;
  /** Both streams, as a CI's log shows them. */
  said: string;
}

/** One run of a stage. */
export interface StageRun extends Ended {
  folder: string;
  /** Where it says its JUnit files are, in `folder`. */
  junit: string;
}

/** Runs a program to its end in `folder`, with exactly these variables. */
export async function runIn(
  folder: string,
  [program = '', ...args]: readonly string[],
  env: Record<string, string>,
): Promise<Ended> {
  const { exitCode, stdout, all } = await execa(program, args, {
    cwd: folder,
    env,
    extendEnv: false,
    all: true,
    reject: false,
    stdin: 'ignore',
  });
  return { exitCode: exitCode ?? -1, stdout, said: all };
}

/** What `netaccept` ends with, by exit code, and the variables that make it so. 3 is the real set-up's own. */
export async function outcomes(): Promise<[number, Record<string, string>][]> {
  const record = async (answer: typeof healthy | ((probe: Parameters<typeof healthy>[0]) => undefined)) => {
    const folder = await mkdtemp(join(tmpdir(), 'netaccept-recorded-'));
    const only = 'pod-to-pod/tcp/v4 node-1 → node-1';
    await recordInto(folder, 1, (probe) => (probe.case === only ? answer(probe) : healthy(probe)));
    return { RECORDING: folder };
  };
  return [
    [0, await record(healthy)],
    [1, await record(() => ({ outcome: 'timed-out' }))],
    [2, await record(() => undefined)],
    [3, { KUBECONFIG: '/nowhere/kubeconfig' }],
  ];
}
