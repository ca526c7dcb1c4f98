// netaccept in the cluster itself: by its CronJob, with exactly the rights that come with it, watched from outside.
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dropRule, withFault } from '../../fixtures/faults/inject.ts';
import { withoutApiServer } from '../../fixtures/faults/programs.ts';
import type { RunResult } from '../../src/model.ts';
import { fourNodes, testCluster } from './cluster.ts';
import { junitOf, netaccept, PAIRS } from './netaccept.ts';
import {
  agentsLeft,
  eventsOn,
  installNightly,
  removeNightly,
  terminationMessage,
  trigger,
} from './nightly.ts';
import { kubeconfigOf, kubectl } from './users.ts';
import { resultsVolume } from './volume.ts';

const TCP = { config: { only: ['tcp'] } };
/** Slow enough that something can happen in the middle of probing. */
const SLOW = { config: { only: ['tcp'], probe: { pace: 2 } } };
const PROBING = /^probed: [1-9]/;

beforeAll(async () => {
  await netaccept(['clean']);
  await installNightly({ config: { clusterName: 'edge/7', run: { lockWait: '2m' } } });
});
afterAll(removeNightly);

test('before the first night there is no result: exit 3, and it says where it looked', async () => {
  const { exitCode, stderr } = await netaccept(['results', '--last']);
  expect(exitCode).toBe(3);
  expect(stderr).toContain('no result among the ConfigMaps of namespace netaccept');
});

test.each(['pvc', 's3', 'registry', 'restricted', 'site'])(
  'overlay %s is what the API server takes',
  async (name) => {
    const folder = new URL(`../../cronjob/overlays/${name}`, import.meta.url).pathname;
    const said = await kubectl('apply', '-k', folder, '--dry-run=server');
    expect(said).toMatch(/^cronjob\.batch\/netaccept configured \(server dry run\)$/m);
    // What an administrator has made beforehand is left alone.
    expect(/^(namespace|clusterrole)/m.test(said)).toBe(name !== 'restricted');
  },
);

test('a night on the healthy cluster: Complete, told in pod, Job and CronJob, and fetched to files', async () => {
  await trigger('healthy');
  const message = await terminationMessage('healthy');
  expect(message).toMatch(/^PASSED \(exit 0\): all \d+ executed cases passed\ncluster edge\/7, /);
  const verdict = message.split('\n')[0];
  expect(await eventsOn('Job', 'healthy')).toEqual([`Normal Passed ${verdict}`]);
  expect(await eventsOn('CronJob', 'netaccept')).toEqual([`Normal Passed ${verdict}`]);
  expect(await agentsLeft()).toEqual([]);

  const { dir, exitCode, stdout } = await netaccept(['results', '--last', '--out', 'night']);
  expect(exitCode).toBe(0);
  expect(stdout).toContain(verdict);
  for (const file of [
    'junit.xml',
    'run.json',
    'journal.jsonl',
    'summary.md',
    'metrics.prom',
    'outcome.jsonl',
  ]) {
    await access(join(dir, 'night', file));
  }
  // The pod's own summary is the one that was made here from its recording. What it said beside it may stand in
  // between: a pod has one log.
  const logged = (await kubectl('-n', 'netaccept', 'logs', 'job/healthy')).split('\n');
  const summary = (await readFile(join(dir, 'night', 'summary.txt'), 'utf8')).trimEnd().split('\n');
  expect(foundInOrder(summary, logged)).toEqual(summary);
});

test('a fault: the Job has failed, and what kubectl describes begins with the first finding', async () => {
  const cluster = await testCluster();
  const [, two] = await fourNodes(cluster);
  await installNightly(TCP);
  const said: string[] = [];
  const ran = await withFault(cluster, dropRule(two, 'INPUT -p tcp --dport 29801 -j DROP'), () =>
    netaccept(['job', 'run', '--out', 'red'], { onLine: (line) => said.push(line) }),
  );
  expect(ran.exitCode).toBe(1);
  const job = jobIn(said);
  const conditions = await kubectl(
    '-n',
    'netaccept',
    'get',
    'job',
    job,
    '-o',
    'jsonpath={.status.conditions[*].type}',
  );
  expect(conditions).toContain('Failed');
  const message = await terminationMessage(job);
  expect(message).toMatch(/^FAILED \(exit 1\): /);
  expect(message).toMatch(new RegExp(`\n1\\. .*${two}`));
  const [event] = await eventsOn('Job', job);
  expect(event).toMatch(new RegExp(`^Warning Failed FAILED \\(exit 1\\): .*${two}`));
  // The summary is printed once, and the files are the run's.
  expect(ran.stdout).toMatch(/^FAILED \(exit 1\)/);
  expect(ran.stderr).not.toMatch(/^FAILED/m);
  expect(await junitOf(join(ran.dir, 'red'))).toContain('<failure');
});

test('job run on the healthy cluster: exit 0; of older results only so many stay', async () => {
  const { exitCode, stdout, stderr } = await netaccept(['job', 'run']);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^PASSED/);
  expect(stderr).toMatch(/^agents ready: 12 of 12$/m);
  const list = await netaccept(['results', '--list']);
  expect(list.stdout.trim().split('\n')).toEqual([
    expect.stringContaining('PASSED (exit 0)'),
    expect.stringContaining('FAILED (exit 1)'),
  ]);
});

test('the API server restarts in the middle of job run: it goes on with the same Job, to its own exit code', async () => {
  const cluster = await testCluster();
  const [one] = await fourNodes(cluster);
  await installNightly(SLOW);
  const before = await jobs();
  let down: Promise<void> | undefined;
  const said: string[] = [];
  const away = Promise.withResolvers<void>();
  const ran = await netaccept(['job', 'run', '--json'], {
    onLine(line) {
      said.push(line);
      if (line.includes('the API server is away')) away.resolve();
      if (PROBING.test(line)) down ??= withFault(cluster, withoutApiServer(one), () => away.promise);
    },
  });
  await down;
  expect(said.join('\n')).toContain('the API server is away, the Job goes on');
  expect(said).toContain('the API server answers again');
  // What the run itself could not see in the meantime it could not tell; it has lost no case.
  expect(ran.exitCode).toBe(exitCodeOf(await terminationMessage(jobIn(said))));
  expect((JSON.parse(ran.stdout) as RunResult).verdicts).toHaveLength(128);
  expect(await jobs()).toHaveLength(before.length + 1);
});

test('the pod is deleted in the middle: what was seen is judged and comes home, and nothing is left', async () => {
  await installNightly(SLOW);
  let killed = false;
  const ran = await netaccept(['job', 'run', '--out', 'deleted'], {
    onLine(line) {
      if (killed || !PROBING.test(line)) return;
      killed = true;
      void kubectl(
        '-n',
        'netaccept',
        'delete',
        'pod',
        '-l',
        'app.kubernetes.io/component=runner',
        '--wait=false',
      );
    },
  });
  expect(ran.exitCode).toBe(2);
  expect(await junitOf(join(ran.dir, 'deleted'))).toContain('interrupted by SIGTERM');
  await expect.poll(agentsLeft, { timeout: 120_000, interval: 2000 }).toEqual([]);
});

test('the deadline is hit: Kubernetes ends the Job, and the reports are there all the same', async () => {
  const path = '/spec/jobTemplate/spec/activeDeadlineSeconds';
  // Agents are up long before it, and the last probe would come long after it.
  const slower = { only: PAIRS.at(-1)?.split(','), probe: { pace: 1 } };
  await installNightly({ config: slower, patches: [{ op: 'replace', path, value: 45 }] });
  const { exitCode, stderr, dir } = await netaccept(['job', 'run', '--out', 'late']);
  expect(stderr).toContain('DeadlineExceeded');
  expect(exitCode).toBe(2);
  expect(await junitOf(join(dir, 'late'))).toContain('interrupted by SIGTERM');
  await expect.poll(agentsLeft, { timeout: 120_000, interval: 2000 }).toEqual([]);
});

test('SIGKILL: exit 3 and what the pod said; agents go with the Job, and clean finds the rest', async () => {
  const cluster = await testCluster();
  await installNightly(SLOW);
  let killed: Promise<unknown> | undefined;
  const said: string[] = [];
  const { exitCode, stderr } = await netaccept(['job', 'run'], {
    onLine(line) {
      said.push(line);
      if (!PROBING.test(line)) return;
      killed ??= Promise.all(
        cluster.nodes.map(({ name }) =>
          cluster.exec(name, ['pkill', '-KILL', '-f', '^/node /usr/bin/netaccept']),
        ),
      );
    },
  });
  await killed;
  expect(exitCode).toBe(3);
  expect(stderr).toContain('its pod ended with exit code 137');
  expect(await agentsLeft()).toContain('daemonset.apps/netaccept-pod-agent');
  await kubectl('-n', 'netaccept', 'delete', 'job', jobIn(said));
  const own = async () =>
    kubectl(
      '-n',
      'netaccept',
      'get',
      'daemonsets,pods',
      '-l',
      'app.kubernetes.io/managed-by=netaccept',
      '-o',
      'name',
    );
  await expect.poll(own, { timeout: 120_000, interval: 2000 }).toBe('');
  // Another Namespace's objects cannot be owned by a Job: those wait for the next run, or for this.
  expect((await netaccept(['clean'])).exitCode).toBe(0);
  expect(await agentsLeft()).toEqual([]);
});

test('a pipeline needs the rights of components/ci and no others; cancelled, it ends its Job', async () => {
  await installNightly({ ...SLOW, components: ['components/ci'] });
  const KUBECONFIG = await kubeconfigOf('netaccept', 'netaccept-ci');
  const said: string[] = [];
  const cancelled = await netaccept(['job', 'run'], {
    env: { KUBECONFIG },
    onLine(line, kill) {
      said.push(line);
      if (PROBING.test(line)) kill('SIGTERM');
    },
  });
  expect(cancelled.exitCode).toBe(3);
  expect(cancelled.stderr).toContain(`interrupted by SIGTERM: job ${jobIn(said)} was told to end`);
  await expect.poll(agentsLeft, { timeout: 180_000, interval: 2000 }).toEqual([]);
  await installNightly({ ...TCP, components: ['components/ci'] });
  expect((await netaccept(['job', 'run'], { env: { KUBECONFIG } })).exitCode).toBe(0);
  expect((await netaccept(['results', '--last'], { env: { KUBECONFIG } })).exitCode).toBe(0);
});

test('on a volume that lasts each night is compared with the one before', async () => {
  const cluster = await testCluster();
  const [one] = await fourNodes(cluster);
  const volume = await resultsVolume(cluster, one);
  try {
    const options = { config: { only: ['tcp'], run: { keepRuns: 2 } }, components: ['components/pvc'] };
    await installNightly(options);
    for (const name of ['monday', 'tuesday', 'wednesday']) await trigger(name);
    const { dir } = await netaccept(['results', '--last', '--out', 'compared']);
    const tuesday = (await netaccept(['results', '--list'])).stdout.split('\n')[1]?.split(' ')[0];
    const [head = ''] = (await readFile(join(dir, 'compared', 'previous.jsonl'), 'utf8')).split('\n');
    expect(JSON.parse(head)).toMatchObject({ run: tuesday, exitCode: 0 });
    expect(await volume.list('results')).toHaveLength(2);
  } finally {
    await kubectl('-n', 'netaccept', 'delete', 'jobs', '--all');
    await installNightly(TCP);
    await volume.remove();
  }
});

test('a configuration that cannot be read: the pod says what is wrong with it', async () => {
  await installNightly({ config: { probe: { pace: 'fast' } } });
  const { exitCode, stderr } = await netaccept(['job', 'run']);
  expect(exitCode).toBe(3);
  expect(stderr).toContain('probe.pace: got "fast"');
});

test('no CronJob: exit 3, and no Job is made', async () => {
  const { exitCode, stderr } = await netaccept(['job', 'run', '--cronjob', 'weekly']);
  expect(exitCode).toBe(3);
  expect(stderr).toContain('there is no CronJob weekly in namespace netaccept');
});

async function jobs(): Promise<string[]> {
  const names = await kubectl('-n', 'netaccept', 'get', 'jobs', '-o', 'name');
  return names.split('\n').filter((name) => name !== '');
}

function jobIn(said: readonly string[]): string {
  const name = said
    .map((line) => /^job netaccept\/(\S+)$/.exec(line)?.[1])
    .find((found) => found !== undefined);
  if (name === undefined) throw new Error(`no Job was named in: ${said.join('\n')}`);
  return name;
}

function exitCodeOf(message: string): number {
  return Number(/\(exit (\d)\)/.exec(message)?.[1]);
}

/** Of `wanted`, as many as stand in `lines`, one after the other. */
function foundInOrder(wanted: readonly string[], lines: readonly string[]): string[] {
  let next = 0;
  for (const line of lines) if (line === wanted[next]) next += 1;
  return wanted.slice(0, next);
}
