// What goes wrong around a run: each ends with the right exit code, a JUnit that says it, and a clean cluster.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fourNodes, testCluster } from './cluster.ts';
import { check, idsWith, junitOf, netaccept, PAIRS } from './netaccept.ts';
import { kubectl, leftovers, testUser } from './users.ts';

/** Slow enough that something can happen in the middle of probing. */
const SLOW = { NETACCEPT_PROBE_PACE: '15' };
const PROBING = /^probed/;

async function expectNothingLeft(): Promise<void> {
  expect(await leftovers()).toEqual([]);
}

test('an agent pod deleted during the run: could not tell, exit 2, and no false red', async () => {
  const [, two] = await fourNodes(await testCluster());
  let deleted = false;
  const { result, exitCode, dir } = await check(PAIRS, {
    env: SLOW,
    onLine(line) {
      if (deleted || !PROBING.test(line)) return;
      deleted = true;
      const selector = ['-n', 'netaccept', '-l', 'app.kubernetes.io/component=pod-agent'];
      const options = [
        '--field-selector',
        `spec.nodeName=${two}`,
        '--grace-period=0',
        '--force',
        '--wait=false',
      ];
      void kubectl('delete', 'pod', ...selector, ...options);
    },
  });
  expect(deleted).toBe(true);
  expect(idsWith(result, 'failed')).toEqual([]);
  const errored = result.verdicts.filter((entry) => entry.verdict === 'errored');
  expect(errored.length).toBeGreaterThan(0);
  for (const { case: entry } of errored) {
    expect([entry.source, entry.target].some((end) => end.node === two && end.network === 'pod')).toBe(true);
  }
  expect(exitCode).toBe(2);
  expect(await junitOf(dir)).toContain('<error');
  await expectNothingLeft();
});

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s while probing: what was seen is judged, exit 2',
  async (signal) => {
    let killed = false;
    const { result, exitCode, dir } = await check(PAIRS, {
      env: SLOW,
      onLine(line, kill) {
        if (killed || !PROBING.test(line)) return;
        killed = true;
        kill(signal);
      },
    });
    expect(exitCode).toBe(2);
    expect(idsWith(result, 'failed')).toEqual([]);
    expect(idsWith(result, 'errored').length).toBeGreaterThan(0);
    expect(result.verdicts).toHaveLength(512);
    expect(result.problems.map((problem) => problem.message)).toEqual([`interrupted by ${signal}`]);
    expect(await junitOf(dir)).toContain(`interrupted by ${signal}`);
    await expectNothingLeft();
  },
);

test('SIGTERM while the agents start: exit 2, a JUnit that says so, nothing left', async () => {
  let killed = false;
  const { result, exitCode, dir } = await check([], {
    onLine(line, kill) {
      if (killed || !line.startsWith('agents ready')) return;
      killed = true;
      kill('SIGTERM');
    },
  });
  expect([exitCode, result.verdicts]).toEqual([2, []]);
  expect(await junitOf(dir)).toContain('interrupted by SIGTERM before probing');
  await expectNothingLeft();
});

test('after SIGKILL, clean finds what was left and removes it', async () => {
  let killed = false;
  const { exitCode } = await netaccept(['check', ...PAIRS], {
    env: SLOW,
    onLine(line, kill) {
      if (killed || !PROBING.test(line)) return;
      killed = true;
      kill('SIGKILL');
    },
  });
  expect(exitCode).toBe(-1);
  expect(await leftovers()).not.toEqual([]);
  // The killed run's lock frees itself; until then nobody may pull its agents away.
  expect((await netaccept(['clean'])).exitCode).toBe(0);
  await expectNothingLeft();
});

test('a kubeconfig without permissions: every missing right is named, exit 3', async () => {
  const user = await testUser('powerless');
  const { exitCode, dir, said } = await netaccept(['check'], { env: { KUBECONFIG: user.kubeconfig } });
  await user.remove();
  expect(exitCode).toBe(3);
  for (const right of ['list nodes', 'get namespaces', 'patch daemonsets.apps', 'create pods/exec']) {
    expect(said).toContain(right);
  }
  expect(await junitOf(dir)).toContain('list nodes');
  await expectNothingLeft();
});

test('no cluster at all: exit 3, with the address that did not answer', async () => {
  const { exitCode, dir, said } = await netaccept(['check'], {
    env: { KUBECONFIG: await deadKubeconfig() },
  });
  expect(exitCode).toBe(3);
  expect(said).toContain('https://127.0.0.1:1');
  expect(await junitOf(dir)).toContain('https://127.0.0.1:1');
});

test('a config with five mistakes: all five at once, exit 3', async () => {
  const config = new URL('../../fixtures/configs/five-mistakes.yaml', import.meta.url).pathname;
  const { exitCode, dir, said } = await netaccept(['check', '--config', config]);
  expect(exitCode).toBe(3);
  expect(said.match(/^error: /gm)).toHaveLength(5);
  expect((await junitOf(dir)).match(/<error /g)?.length).toBeGreaterThanOrEqual(1);
});

test('an empty node selection: exit 3, never a green run over nothing', async () => {
  const { exitCode, dir, said } = await netaccept(['check', '--nodes', 'no-such-label=true']);
  expect(exitCode).toBe(3);
  expect(said).toContain('no-such-label');
  expect(await junitOf(dir)).toContain('no-such-label');
  await expectNothingLeft();
});

test('a selection that leaves no case: not green', async () => {
  const { exitCode, said } = await netaccept([
    'check',
    '--only',
    'tcp',
    '--skip',
    'pod-to-pod,pod-to-node,node-to-pod,node-to-node',
  ]);
  expect(exitCode).toBe(3);
  expect(said).toContain('matrix is empty');
  await expectNothingLeft();
});

test('two runs at the same time: the second waits for the first, and both are right', async () => {
  const [first, second] = await Promise.all([check(['--only', 'tcp']), check(['--only', 'udp'])]);
  expect([first.exitCode, second.exitCode]).toEqual([0, 0]);
  expect(first.stderr + second.stderr).toMatch(/another run|holds|wait/i);
  await expectNothingLeft();
});

test('a namespace that was there before is used and left as it was', async () => {
  await kubectl('create', 'namespace', 'mine');
  try {
    const before = await kubectl('get', 'namespace', 'mine', '-o', 'jsonpath={.metadata.labels}');
    const { exitCode } = await check(['--namespace', 'mine', '--only', 'tcp']);
    expect(exitCode).toBe(0);
    expect(await kubectl('get', 'namespace', 'mine', '-o', 'jsonpath={.metadata.labels}')).toBe(before);
    await expectNothingLeft();
  } finally {
    await kubectl('delete', 'namespace', 'mine');
  }
});

async function deadKubeconfig(): Promise<string> {
  const path = join('/tmp', `dead-${process.pid}.yaml`);
  await writeFile(
    path,
    `apiVersion: v1
kind: Config
current-context: dead
clusters: [{name: dead, cluster: {server: 'https://127.0.0.1:1'}}]
contexts: [{name: dead, context: {cluster: dead, user: nobody}}]
users: [{name: nobody, user: {token: none}}]
`,
  );
  return path;
}
