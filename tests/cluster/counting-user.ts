import { kubectl, type TestUser, testUser } from './users.ts';

const NAME = 'counted';

export interface Counts {
  /** Requests that the API server dispatched for this user alone; long-running ones are not among them. */
  requests: number;
  /** CONNECT requests for pods/exec; nothing else in the test cluster sends any. */
  execs: number;
  /** Requests of this user that were put off: HTTP 429. */
  putOff: number;
}

/**
 * An administrator whose requests the API server counts apart: a FlowSchema of its own gives it its own
 * series in the server's metrics, so kubelets and controllers do not blur the count.
 */
export async function countingUser(
  level = 'global-default',
): Promise<TestUser & { counts(): Promise<Counts> }> {
  const user = await testUser(NAME, 'cluster-admin');
  const schema = {
    apiVersion: 'flowcontrol.apiserver.k8s.io/v1',
    kind: 'FlowSchema',
    metadata: { name: NAME },
    spec: {
      priorityLevelConfiguration: { name: level },
      matchingPrecedence: 100,
      rules: [
        {
          subjects: [{ kind: 'ServiceAccount', serviceAccount: { name: NAME, namespace: 'default' } }],
          resourceRules: [
            { verbs: ['*'], apiGroups: ['*'], resources: ['*'], clusterScope: true, namespaces: ['*'] },
          ],
          nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
        },
      ],
    },
  };
  await kubectlApply(schema);
  await untilCounted(user.kubeconfig);
  return {
    ...user,
    async counts() {
      const metrics = await kubectl('get', '--raw', '/metrics');
      return {
        requests: sum(metrics, 'apiserver_flowcontrol_dispatched_requests_total', `flow_schema="${NAME}"`),
        execs: sum(metrics, 'apiserver_request_total', 'subresource="exec"'),
        putOff: sum(metrics, 'apiserver_flowcontrol_rejected_requests_total', `flow_schema="${NAME}"`),
      };
    },
    async remove() {
      await kubectl('delete', 'flowschema', NAME);
      await user.remove();
    },
  };
}

/** The server takes a new FlowSchema up when its controller gets to it, not when it is written. */
async function untilCounted(kubeconfig: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    await kubectl('--kubeconfig', kubeconfig, 'get', '--raw', '/version');
    const metrics = await kubectl('get', '--raw', '/metrics');
    if (sum(metrics, 'apiserver_flowcontrol_dispatched_requests_total', `flow_schema="${NAME}"`) > 0) return;
  }
  throw new Error('the API server never counted the user apart');
}

export async function kubectlApply(object: unknown): Promise<void> {
  const { mkdtemp, writeFile } = await import('node:fs/promises');
  const path = `${await mkdtemp('/tmp/apply-')}/object.json`;
  await writeFile(path, JSON.stringify(object));
  await kubectl('apply', '-f', path);
}

function sum(metrics: string, name: string, label: string): number {
  const lines = metrics.split('\n').filter((line) => line.startsWith(`${name}{`) && line.includes(label));
  return lines.reduce((total, line) => total + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
