// A healthy cluster: the README's formula, all green, cheaply, and nothing left behind.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, inject, test } from 'vitest';
import { countingUser } from './counting-user.ts';
import { check, junitOf, netaccept, PAIRS } from './netaccept.ts';
import { leftovers } from './users.ts';

const run = promisify(execFile);
const README = new URL('../../README.md', import.meta.url);

test('every check accepts 4 dual-stack Nodes, in as many cases as the README says', async () => {
  const { exitCode, result, dir } = await check();
  expect(result.problems).toEqual([]);
  expect(result.verdicts.filter((entry) => entry.verdict !== 'passed')).toEqual([]);
  const promised = /By default \*\*(\d+) cases\*\* for 4 dual-stack Nodes/.exec(
    await readFile(README, 'utf8'),
  )?.[1];
  expect(result.verdicts).toHaveLength(Number(promised));
  expect(new Set(result.controls.map((entry) => entry.state))).toEqual(new Set(['held']));
  // Per source agent and family: a closed port for tcp, http and udp, a silent address for all four, and the other checks' own.
  expect(result.controls.length).toBeGreaterThan(2 * 4 * 2 * 7);
  expect(exitCode).toBe(0);
  const junit = await junitOf(dir);
  expect(junit.match(/<testcase /g)?.length).toBeGreaterThanOrEqual(Number(promised));
  expect(await leftovers()).toEqual([]);
});

test.each([
  ['every check', [], 6 * 4 + 30],
  // The rest is kept for slow clusters, where a wait has to be looked into.
  ['the checks between Nodes and pods', PAIRS, 2 * 4 + 36],
])('%s: so many API requests at most, and one exec per source agent', async (_, args, most) => {
  const user = await countingUser();
  const before = await user.counts();
  const { exitCode } = await check(args, { env: { KUBECONFIG: user.kubeconfig } });
  const after = await user.counts();
  await user.remove();
  expect(exitCode).toBe(0);
  expect(after.execs - before.execs).toBe(2 * 4);
  expect(after.requests - before.requests + (after.execs - before.execs)).toBeLessThanOrEqual(most);
  // The run's own count must not flatter it.
  expect(after.requests - before.requests).toBeGreaterThan(10);
});

test('clean removes what --keep left, says what, and finds nothing the second time', async () => {
  expect((await check(['--keep', '--only', 'tcp'])).exitCode).toBe(0);
  expect(await leftovers()).not.toEqual([]);
  const first = await netaccept(['clean']);
  expect(first.exitCode).toBe(0);
  expect(first.stdout).toContain('removed Namespace netaccept\n');
  expect(await leftovers()).toEqual([]);
  const second = await netaccept(['clean']);
  expect([second.exitCode, second.stdout]).toEqual([0, 'nothing of netaccept was found\n']);
});

test('host network switched off: its cases are skipped with that reason, and pod-to-pod is still proven', async () => {
  const { exitCode, result } = await check([], { env: { NETACCEPT_AGENTS_HOST_NETWORK: 'false' } });
  expect(exitCode).toBe(0);
  const skipped = result.verdicts.filter((entry) => entry.verdict === 'skipped');
  for (const { case: entry, sentence } of skipped) {
    expect([entry.source.network, entry.target.network], entry.id).toContain('host');
    expect(sentence, entry.id).toContain('agents.hostNetwork');
  }
  const passed = result.verdicts.filter((entry) => entry.verdict === 'passed');
  expect(passed.filter((entry) => entry.case.path === 'pod-to-pod').length).toBeGreaterThanOrEqual(
    4 * 2 * 4 ** 2,
  );
  expect(new Set(passed.map((entry) => entry.case.check))).toContain('services');
  expect(passed.length + skipped.length).toBe(result.verdicts.length);
});

test('a netctl config.json is taken as it is: mode pod, protocol tcp', async () => {
  const config = new URL('../../fixtures/configs/netctl.json', import.meta.url).pathname;
  const { exitCode, result, stderr } = await check([
    '--config',
    config,
    '--kubeconfig',
    inject('kubeconfig'),
    // Without autoClean netctl leaves its agents, and so would we.
    '--clean',
  ]);
  expect(new Set(result.verdicts.map((entry) => `${entry.case.path} ${entry.case.check}`))).toEqual(
    new Set(['pod-to-pod tcp']),
  );
  expect(result.verdicts).toHaveLength(2 * 4 ** 2);
  expect(exitCode).toBe(0);
  expect(stderr).toContain('srcImageRepository');
});

test('plain vitest run on the acceptance project judges the same cluster', async () => {
  const out = `/tmp/netaccept-plain-${process.pid}`;
  const env = {
    ...process.env,
    KUBECONFIG: inject('kubeconfig'),
    NETACCEPT_IMAGE_NAME: inject('agentImage'),
    NETACCEPT_IMAGE_PULL_POLICY: 'Never',
    NETACCEPT_ONLY: 'tcp',
    NETACCEPT_RUN_OUT: out,
  };
  const { stdout } = await run('vitest', ['run', '--project', 'acceptance'], { env });
  expect(stdout).toContain('pod-to-pod.accept.ts');
  expect(await junitOf(out)).toContain('pod-to-pod.tcp.v4');
  expect(await leftovers()).toEqual([]);
});
