import { expect, test } from 'vitest';
import { connect } from '../../../src/kube/connect.ts';
import { createRunJob, endOfJob, stateOfPod } from '../../../src/kube/jobs.ts';
import { fakeApiServer, sendJson } from './fake-api-server.ts';

const CRON_JOB = {
  metadata: { name: 'netaccept', uid: 'cron-uid' },
  spec: {
    jobTemplate: {
      metadata: { labels: { team: 'net' } },
      spec: { activeDeadlineSeconds: 1980, template: { spec: { terminationGracePeriodSeconds: 240 } } },
    },
  },
};
const NOW = new Date('2026-11-20T09:41:07Z');

test('a Job is the CronJob’s: its template, its labels, owned by it, named by its time', async () => {
  const bodies: Record<string, unknown>[] = [];
  const { kubeconfig } = await fakeApiServer({
    async onRequest(request, response) {
      if (request.method === 'GET') return sendJson(response, 200, CRON_JOB);
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = JSON.parse(Buffer.concat(chunks).toString('utf8'));
      bodies.push(body);
      sendJson(response, 201, { ...body, metadata: { ...body.metadata, uid: 'job-uid' } });
    },
  });
  const job = await createRunJob(await connect({ kubeconfig }), 'n', 'netaccept', NOW);
  expect(job).toMatchObject({ namespace: 'n', uid: 'job-uid', limitSeconds: 2220 });
  expect(job.name).toMatch(/^netaccept-run-202611200941-[0-9a-f]{6}$/);
  expect(bodies).toMatchObject([
    {
      metadata: {
        name: job.name,
        labels: { team: 'net' },
        ownerReferences: [{ kind: 'CronJob', name: 'netaccept', uid: 'cron-uid', controller: true }],
      },
      spec: CRON_JOB.spec.jobTemplate.spec,
    },
  ]);
});

test('where the answer to the creation was lost, the Job that it made is taken, and no second one made', async () => {
  const names = new Set<string>();
  const { kubeconfig } = await fakeApiServer({
    async onRequest(request, response) {
      if (request.url?.includes('/cronjobs/')) return sendJson(response, 200, CRON_JOB);
      if (request.method === 'GET')
        return sendJson(response, 200, { metadata: { uid: 'made' }, spec: { template: {} } });
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const { name } = JSON.parse(Buffer.concat(chunks).toString('utf8')).metadata;
      if (names.has(name)) return sendJson(response, 409, { kind: 'Status', reason: 'AlreadyExists' });
      names.add(name);
      request.socket.destroy();
    },
  });
  const job = await createRunJob(await connect({ kubeconfig }), 'n', 'netaccept', NOW);
  expect(job.uid).toBe('made');
  expect([...names]).toEqual([job.name]);
});

test.each([
  [[], undefined],
  [[{ type: 'FailureTarget', status: 'True' }], undefined],
  [[{ type: 'Complete', status: 'True' }], 'Complete'],
  [
    [{ type: 'Failed', status: 'True', reason: 'DeadlineExceeded', message: 'too late' }],
    'DeadlineExceeded: too late',
  ],
])('conditions %j: %s', (conditions, end) => {
  expect(endOfJob({ status: { conditions } } as never)).toBe(end);
});

test.each([
  [{ phase: 'Running' }, 'Running'],
  [
    {
      phase: 'Pending',
      conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: 'no Node' }],
    },
    'Unschedulable: no Node',
  ],
  [
    {
      phase: 'Pending',
      containerStatuses: [{ state: { waiting: { reason: 'ImagePullBackOff', message: 'no login' } } }],
    },
    'ImagePullBackOff: no login',
  ],
])('a pod with status %j is %s', (status, state) => {
  expect(stateOfPod({ status } as never)).toBe(state);
});
