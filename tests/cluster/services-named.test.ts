// Services of the user's own: through every door, with the answer that was asked for, and broken.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Cluster } from '../../fixtures/clusters/cluster.ts';
import { type UserApp, userApp } from '../../fixtures/workloads/user-app.ts';
import type { NamedService } from '../../src/model.ts';
import { testCluster } from './cluster.ts';
import { type Checked, check, idsWith, netaccept } from './netaccept.ts';
import { kubectl } from './users.ts';

let cluster: Cluster;
let app: UserApp;

beforeAll(async () => {
  cluster = await testCluster();
  app = await userApp(cluster, { body: 'open for business' });
});

afterAll(async () => {
  await netaccept(['clean']);
  await app.remove();
});

function run(...named: NamedService[]): Promise<Checked> {
  return check(['--keep', '--only', 'services'], {
    env: { NETACCEPT_SERVICES_NAMED: JSON.stringify(named) },
  });
}

const named = ({ result }: Checked) => result.verdicts.filter((entry) => entry.case.about?.kind === 'named');

test('ClusterIP, NodePort of both policies, externalIP and load balancer answer as they must, by HTTP, TCP and UDP', async () => {
  const checked = await run(
    { service: 'user-app/web:http', path: '/', status: 200, body: 'open for business' },
    { service: 'user-app/web:http', path: '/status/404', status: 404 },
    { service: 'user-app/node-port:80', path: '/' },
    { service: 'user-app/node-port-local:echo' },
    { service: 'user-app/external:echo-udp', send: 'hello' },
    { service: 'user-app/load-balancer:http', path: '/' },
  );
  expect(checked.result.verdicts.filter(({ verdict }) => verdict !== 'passed')).toEqual([]);
  expect(checked.exitCode).toBe(0);
  const doors = Map.groupBy(
    named(checked),
    ({ case: { about, expect: expected } }) =>
      `${about?.door} ${about?.service}${expected === undefined ? '' : ' blocked'}`,
  );
  // Eight sources and two families. Of policy Local two Nodes have an endpoint: they are asked by all Nodes and by their
  // own pods; each of the others is asked by three Nodes.
  const counts = Object.fromEntries([...doors].map(([door, cases]) => [door, cases.length]));
  expect(counts).toEqual({
    'ClusterIP http user-app/web:http /': 16,
    'ClusterIP http user-app/web:http /status/404': 16,
    'ClusterIP http user-app/node-port:80 /': 16,
    'NodePort http user-app/node-port:80 /': 4 * 16,
    'ClusterIP tcp user-app/node-port-local:echo': 16,
    'NodePort tcp user-app/node-port-local:echo': 2 * 2 * (4 + 1),
    'NodePort tcp user-app/node-port-local:echo blocked': 2 * 2 * 3,
    'ClusterIP udp user-app/external:echo-udp': 16,
    'externalIP udp user-app/external:echo-udp': 16,
    'ClusterIP http user-app/load-balancer:http /': 16,
    'LoadBalancer http user-app/load-balancer:http /': 16,
  });
});

test('a 404 and a 503 are never a pass unless they are expected', async () => {
  const checked = await run(
    { service: 'user-app/web:http', path: '/status/404' },
    { service: 'user-app/web:http', path: '/status/503' },
    { service: 'user-app/web:http', path: '/' },
  );
  const red = named(checked).filter(({ verdict }) => verdict === 'failed');
  expect(idsWith(checked.result, 'failed')).toEqual(red.map((entry) => entry.case.id));
  expect(new Set(red.map(({ sentence }) => sentence))).toEqual(
    new Set([
      'ClusterIP http user-app/web:http /status/404: HTTP 404, expected 200',
      'ClusterIP http user-app/web:http /status/503: HTTP 503, expected 200',
    ]),
  );
  expect(red).toHaveLength(2 * 16);
  expect(checked.exitCode).toBe(1);
});

test('a Service that lost its endpoints fails from everywhere, and says so', async () => {
  await kubectl('-n', 'user-app', 'scale', 'deployment', 'web', '--replicas=0');
  await kubectl('-n', 'user-app', 'wait', '--for=delete', 'pod', '-l', 'app=web', '--timeout=60s');
  const checked = await run({ service: 'user-app/node-port-local:http', path: '/' });
  await kubectl('-n', 'user-app', 'scale', 'deployment', 'web', `--replicas=${app.nodes.length}`);
  // Nothing is blocked where nothing is served: every Node's port is asked from everywhere.
  expect(named(checked)).toHaveLength(16 + 4 * 16);
  expect(idsWith(checked.result, 'failed')).toEqual(named(checked).map((entry) => entry.case.id));
  for (const { sentence } of named(checked))
    expect(sentence).toMatch(/^user-app\/node-port-local has no ready endpoint: /);
});

test('what is not there is told before anything is probed, all at once', async () => {
  const { exitCode, result } = await run(
    { service: 'user-app/wbe:http' },
    { service: 'user-app/web:https' },
    { service: 'user-app/headless:80' },
  );
  expect(exitCode).toBe(3);
  expect(result.problems).toHaveLength(3);
  for (const [index, why] of ['has no Service "wbe"', 'has no port "https"', 'is headless'].entries())
    expect(result.problems[index]?.message).toMatch(
      new RegExp(`^services\\.named\\[${index}\\]\\.service: got .*${why}`),
    );
});
