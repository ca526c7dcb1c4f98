// The CronJob as a user installs it: an overlay of cronjob/base, applied by kubectl.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { inject } from 'vitest';
import { stringify } from 'yaml';
import { buildImage } from '../../ci/image/build.ts';
import { testCluster } from './cluster.ts';
import { kubectl, labelled } from './users.ts';

const ROOT = new URL('../..', import.meta.url).pathname;

export interface NightlyOptions {
  /** netaccept.yaml, beside the image and where the result goes. */
  config?: Record<string, unknown>;
  deliver?: Record<string, unknown>;
  /** JSON patches of the CronJob. */
  patches?: { op: string; path: string; value?: unknown }[];
  /** Folders of cronjob. */
  resources?: string[];
  /** Folders of cronjob: `components/pvc`. */
  components?: string[];
  /** Variables of ConfigMaps that are there: what a site writes into `s3.env` and the like. */
  variables?: Record<string, Record<string, string>>;
}

let runner: string | undefined;

/** Has the runner's image on every Node, and the CronJob in the cluster. Returns the overlay's folder. */
export async function installNightly({
  config = {},
  deliver = {},
  patches = [],
  resources = ['base'],
  components = [],
  variables = {},
}: NightlyOptions = {}): Promise<string> {
  runner ??= await loadRunner();
  const folder = await mkdtemp(join(tmpdir(), 'netaccept-nightly-'));
  const image = { name: inject('agentImage'), pullPolicy: 'Never' };
  const delivery = { event: true, configMaps: { keep: 2 }, ...deliver };
  await writeFile(join(folder, 'netaccept.yaml'), stringify({ image, deliver: delivery, ...config }));
  const [newName = '', newTag = ''] = runner.split(':');
  const kustomization = {
    resources: resources.map((name) => relative(folder, join(ROOT, 'cronjob', name))),
    components: components.map((name) => relative(folder, join(ROOT, 'cronjob', name))),
    images: [{ name: 'netaccept/runner', newName, newTag }],
    configMapGenerator: [
      { name: 'netaccept-config', namespace: 'netaccept', behavior: 'replace', files: ['netaccept.yaml'] },
      ...Object.entries(variables).map(([name, values]) => ({
        ...{ name, namespace: 'netaccept', behavior: 'merge' },
        literals: Object.entries(values).map(([key, value]) => `${key}=${value}`),
      })),
    ],
    patches: patches.length === 0 ? [] : [{ target: { kind: 'CronJob' }, patch: stringify(patches) }],
  };
  await writeFile(join(folder, 'kustomization.yaml'), stringify(kustomization));
  await kubectl('apply', '-k', folder);
  return folder;
}

async function loadRunner(): Promise<string> {
  const { ref, archive } = await buildImage('runner', () => undefined);
  await (await testCluster()).loadImage(archive);
  return ref;
}

/** Everything that `cronjob/base` brought, with the Namespaces. */
export async function removeNightly(): Promise<void> {
  await kubectl('delete', '-k', join(ROOT, 'cronjob/base'), '--ignore-not-found');
}

/** Starts the CronJob now, as `kubectl` does, and waits for the Job's end. */
export async function trigger(job: string): Promise<void> {
  await kubectl('-n', 'netaccept', 'create', 'job', job, '--from=cronjob/netaccept');
  const ended = ['{.status.conditions[*].type}'];
  for (;;) {
    const said = await kubectl('-n', 'netaccept', 'get', 'job', job, '-o', `jsonpath=${ended}`);
    if (/Complete|Failed/.test(said.replace(/\w+Target|\w+CriteriaMet/g, ''))) return;
    await kubectl('-n', 'netaccept', 'wait', `job/${job}`, '--for=condition=Complete', '--timeout=3s').catch(
      () => undefined,
    );
  }
}

export async function terminationMessage(job: string): Promise<string> {
  const path = '{.items[0].status.containerStatuses[0].state.terminated.message}';
  return kubectl(
    ...[
      '-n',
      'netaccept',
      'get',
      'pods',
      '-l',
      `batch.kubernetes.io/job-name=${job}`,
      '-o',
      `jsonpath=${path}`,
    ],
  );
}

/** Ours on this object: `Normal Passed PASSED (exit 0): …`. */
export async function eventsOn(kind: string, name: string): Promise<string[]> {
  const selector = `involvedObject.kind=${kind},involvedObject.name=${name},source=netaccept`;
  const line = '{range .items[*]}{.type} {.reason} {.message}{"\\n"}{end}';
  const said = await kubectl(
    '-n',
    'netaccept',
    'get',
    'events',
    '--field-selector',
    selector,
    '-o',
    `jsonpath=${line}`,
  );
  return said.split('\n').filter((text) => text !== '');
}

/** Agents and whatever else a run makes; not the Namespaces, which the CronJob brought. */
export function agentsLeft(): Promise<string[]> {
  return labelled('daemonsets,pods,services,endpointslices,secrets,leases,networkpolicies');
}
