// The package as users get it: packed, installed elsewhere, run from there.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { leftovers } from './users.ts';

const run = promisify(execFile);
const ROOT = new URL('../..', import.meta.url).pathname;
let home: string;
let bin: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'packed-'));
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', home], { cwd: ROOT });
  // prepack prints before npm does.
  const [{ filename }] = JSON.parse(stdout.slice(stdout.indexOf('[\n')));
  await writeFile(join(home, 'package.json'), '{"private":true}');
  await run('npm', ['install', '--no-audit', '--no-fund', join(home, filename)], { cwd: home });
  bin = join(home, 'node_modules', '.bin', 'netaccept');
});

afterAll(async () => {
  await rm(home, { recursive: true, force: true });
});

test('--help, --version and checks need no cluster', async () => {
  const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
  expect((await run(bin, ['--version'])).stdout.trim()).toBe(version);
  expect((await run(bin, ['--help'])).stdout).toContain('Exit codes:');
  expect((await run(bin, ['checks'])).stdout).toContain('pod-to-pod');
});

test('init writes a config that check accepts, and never overwrites one', async () => {
  await run(bin, ['init'], { cwd: home });
  await expect(run(bin, ['init'], { cwd: home })).rejects.toMatchObject({ code: 3 });
});

test('check accepts the cluster from the installed package', async () => {
  const env = {
    ...process.env,
    KUBECONFIG: inject('kubeconfig'),
    NETACCEPT_IMAGE_NAME: inject('agentImage'),
    NETACCEPT_IMAGE_PULL_POLICY: 'Never',
  };
  const { stdout } = await run(bin, ['check', '--out', 'out', '--only', 'tcp,udp'], { cwd: home, env });
  expect(stdout).toMatch(/256/);
  expect((await stat(join(home, 'out', 'junit.xml'))).size).toBeGreaterThan(10_000);
  expect((await stat(join(home, 'out', 'report.html'))).size).toBeGreaterThan(40_000);
  expect(await leftovers()).toEqual([]);
});
