import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { V1CronJob } from '@kubernetes/client-node';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { packageVersion } from '../../../src/suite/version.ts';
import { load } from '../config/loading.ts';

const base = join(import.meta.dirname, '../../../cronjob/base');
const cronJob = parse(readFileSync(join(base, 'cronjob.yaml'), 'utf8')) as V1CronJob;
const job = cronJob.spec?.jobTemplate.spec;
const pod = job?.template.spec;
const [container] = pod?.containers ?? [];
/** To judge, to send the result on and to wait until the agents are gone. */
const REPORT_SECONDS = 300;

test('the deadline holds all that a run may take, with time left to report and clean up', async () => {
  const { settings } = await load({ file: join(base, 'netaccept.yaml') });
  const { run, agents } = settings;
  const seconds = (run.lockWaitMs + agents.readyTimeoutMs + run.deadlineMs) / 1000;
  expect(job?.activeDeadlineSeconds).toBe(seconds + REPORT_SECONDS);
});

test('who is told to end has time to judge, to wait 90 s for the API server and 120 s for the agents to go', () => {
  expect(pod?.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(20 + 90 + 120);
});

test('a run that failed is not run again, and never two at once', () => {
  expect(cronJob.spec).toMatchObject({ concurrencyPolicy: 'Forbid', timeZone: 'Etc/UTC' });
  expect([job?.backoffLimit, pod?.restartPolicy]).toEqual([0, 'Never']);
});

test('the image is the one of this version', () => {
  expect(container?.image).toBe(`netaccept/runner:${packageVersion()}`);
});

test('the result is delivered to the Events and ConfigMaps that the role allows', async () => {
  const { delivery } = await load({ file: join(base, 'netaccept.yaml') });
  expect([delivery.event, delivery.configMaps.keep]).toEqual([true, 7]);
});

test('what the components replace by its place is there', () => {
  expect(pod?.volumes?.[1]).toEqual({ name: 'results', emptyDir: { sizeLimit: '4Gi' } });
  expect(container?.envFrom).toHaveLength(1);
});
