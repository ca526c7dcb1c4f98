import { z } from 'zod';
import { flag, oneOf, text, whole } from '../values.ts';

const urlOrNone = text(
  "http:// or https:// with a host, without a password, or '' for none",
  /^(https?:\/\/[^\s/@?#]+(\/[^\s?#]*)?)?$/,
);

const configMaps = z.strictObject({
  keep: whole(0, 1000)
    .prefault(0)
    .describe("Runs to keep there, the newest; 0 writes none. 'netaccept results' brings them back."),
  parts: whole(1, 100)
    .prefault(8)
    .describe('ConfigMaps that one run may take, of 900 KiB each. What is larger is told, and not written.'),
});

const s3 = z.strictObject({
  endpoint: urlOrNone.prefault('').describe("The object store. Empty: Amazon's, in the region."),
  region: text("a region's name", /^[-a-z0-9]+$/)
    .prefault('us-east-1')
    .describe('Its region.'),
  bucket: text("a bucket's name, or '' for none", /^([a-z0-9][-.a-z0-9]{1,61}[a-z0-9])?$/)
    .prefault('')
    .describe(
      'The bucket, which must exist. Empty: no upload. Keys: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY.',
    ),
  prefix: text("a prefix such as clusters/edge, or '' for none", /^([-\w.]+(\/[-\w.]+)*)?$/)
    .prefault('')
    .describe('Stands before <run>/<file>.'),
});

const webhook = z.strictObject({
  format: oneOf(['json', 'slack'])
    .prefault('json')
    .describe('What is posted: our own JSON, or a text as Slack and its likes take it.'),
  when: oneOf(['always', 'not-passed']).prefault('always').describe('After which runs.'),
});

const pushgateway = z.strictObject({
  url: urlOrNone.prefault('').describe('A Prometheus Pushgateway that gets metrics.prom. Empty: none.'),
  job: text("a job label's value", /^[-\w.]+$/)
    .prefault('netaccept')
    .describe('Label job of its group.'),
});

export const deliverSection = z.strictObject({
  terminationMessage: text("a path, or '' for none")
    .prefault('/dev/termination-log')
    .describe(
      'In a pod, where this file exists: the verdict and the first findings, for kubectl describe pod.',
    ),
  event: flag()
    .prefault(false)
    .describe(
      'In a pod of a Job: an Event on the Job and its CronJob, with the verdict and the first finding.',
    ),
  configMaps: configMaps
    .prefault({})
    .describe("In a pod: the run's recording as ConfigMaps in the pod's Namespace."),
  s3: s3.prefault({}).describe("Upload of the run's folder by the S3 API."),
  webhook: webhook
    .prefault({})
    .describe(
      'A POST to the URL in the variable NETACCEPT_WEBHOOK_URL, which is a secret; without it, none.',
    ),
  pushgateway: pushgateway.prefault({}).describe('Prometheus.'),
});
