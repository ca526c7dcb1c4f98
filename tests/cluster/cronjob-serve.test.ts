// The results server in the cluster: cronjob/serve beside the CronJob, on its volume, read in a real Chromium through a Node's port.
import { once } from 'node:events';
import { request } from 'node:http';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { withFault } from '../../fixtures/faults/inject.ts';
import { withoutApiServer } from '../../fixtures/faults/programs.ts';
import { messageOf } from '../../src/errors.ts';
import { launchOptions } from '../browser/launch.ts';
import { fourNodes, testCluster } from './cluster.ts';
import { netaccept } from './netaccept.ts';
import { installNightly, removeNightly, terminationMessage, trigger } from './nightly.ts';
import { kubectl } from './users.ts';
import { type ResultsVolume, resultsVolume } from './volume.ts';

const TOKEN = '0123456789abcdef0123456789abcdef';
const PORT = 30880;
const SITE = {
  config: { clusterName: 'edge/7', only: ['tcp'] },
  resources: ['base', 'serve'],
  components: ['components/pvc', 'serve/same-node', 'serve/node-port'],
};

let browser: Browser;
let volume: ResultsVolume;
let site: string;
/** The run's id, and the first line of its pod's last words. */
let run: string;
let verdict: string;

beforeAll(async () => {
  const cluster = await testCluster();
  const [, two] = await fourNodes(cluster);
  volume = await resultsVolume(cluster, two);
  browser = await chromium.launch(launchOptions(inject('chromium')));
  const [entry] = cluster.nodes;
  site = `http://${entry?.addresses.v4}:${PORT}`;
});
afterAll(async () => {
  await browser.close();
  await removeNightly();
  await volume.remove();
});

test('it is available before the first night, under Pod Security "restricted" and with a read-only root', async () => {
  await kubectl('apply', '-k', 'manifests/namespaces');
  await kubectl(
    '-n',
    'netaccept',
    'create',
    'secret',
    'generic',
    'netaccept-results',
    `--from-literal=token=${TOKEN}`,
  );
  await installNightly(SITE);
  await kubectl('-n', 'netaccept', 'rollout', 'status', 'deployment/netaccept-results', '--timeout=120s');
  const [enforced, root] = await Promise.all([
    kubectl('get', 'namespace', 'netaccept', '-o', 'jsonpath={.metadata.labels}'),
    jsonOfPod('.spec.containers[0].securityContext.readOnlyRootFilesystem'),
  ]);
  expect(JSON.parse(enforced)).toMatchObject({ 'pod-security.kubernetes.io/enforce': 'restricted' });
  expect(root).toBe('true');
  // Each Node's kube-proxy takes its moment.
  const healthz = () => asked('/healthz', null).catch(messageOf);
  await expect.poll(healthz, { timeout: 60_000 }).toEqual([200, 'ok\n']);
  const [status, page] = await asked('/');
  expect([status, page.includes('No run has finished yet.')]).toEqual([200, true]);
});

test('a night: its page is the newest, beside the server on the volume’s Node', async () => {
  await trigger('night');
  const message = await terminationMessage('night');
  verdict = message.split('\n')[0] ?? '';
  expect(verdict).toMatch(/^PASSED \(exit 0\)/);
  const [one] = JSON.parse((await asked('/api/runs'))[1]).runs as { run: string }[];
  run = one?.run ?? '';
  expect(await volume.list('results')).toEqual([run]);
  const nodes = await kubectl(
    '-n',
    'netaccept',
    'get',
    'pods',
    '-l',
    'app.kubernetes.io/name=netaccept',
    '-o',
    'jsonpath={.items[*].spec.nodeName}',
  );
  expect(new Set(nodes.split(' ')).size).toBe(1);
});

test('without the token only /healthz answers', async () => {
  const paths = ['/', '/latest', '/metrics', '/api/runs', '/latest/junit.xml', `/runs/${run}/`];
  for (const path of paths) expect([path, (await asked(path, null))[0]]).toEqual([path, 401]);
  for (const path of paths) expect([path, (await asked(path, 'x'.repeat(32)))[0]]).toEqual([path, 401]);
  expect(await asked('/healthz', null)).toEqual([200, 'ok\n']);
});

test('the metrics are that very run’s', async () => {
  const [status, metrics] = await asked('/metrics');
  expect(status).toBe(200);
  expect(metrics).toMatch(
    new RegExp(`^netaccept_run_info\\{cluster="edge/7",version="[^"]+",run="${run}"\\} 1$`, 'm'),
  );
  expect(metrics).toMatch(/^netaccept_exit_code 0$/m);
  expect(metrics).toMatch(/^netaccept_last_run_timestamp_seconds [1-9][\d.]+$/m);
});

test('a browser opens the list and the report of that very run, with its figures', async () => {
  await withPage(async (page) => {
    await page.goto(`${site}/`);
    await expect.poll(() => page.locator('tbody tr').count()).toBe(1);
    await page.locator('tbody a').first().click();
    await page.getByRole('navigation').first().waitFor();
    await expect.poll(() => new URL(page.url()).pathname).toBe(`/runs/${run}/`);
    const [cases = ''] = /\d[\d\s]*(?= executed cases passed)/.exec(verdict) ?? [];
    const text = (await page.locator('body').textContent()) ?? '';
    expect(Number(cases)).toBeGreaterThan(100);
    expect(text).toContain('edge/7');
    expect(text.replaceAll(/[\s,.]/g, '')).toContain(`${Number(cases)}`);
  });
});

test('the API server is away: every page is served all the same', async () => {
  const cluster = await testCluster();
  const [one] = await fourNodes(cluster);
  await withFault(cluster, withoutApiServer(one), async () => {
    await expect(kubectl('get', '--raw', '/readyz')).rejects.toThrow();
    await withPage(async (page) => {
      await page.goto(`${site}/latest`);
      await page.getByRole('navigation').first().waitFor();
      await expect.poll(() => new URL(page.url()).pathname).toBe(`/runs/${run}/`);
    });
    expect((await asked('/metrics'))[0]).toBe(200);
    expect((await asked(`/runs/${run}/junit.xml`))[1]).toContain('<testsuites');
  });
});

test('it can write nowhere', async () => {
  const script = "require('fs').writeFileSync('/var/lib/netaccept/results/x', '')";
  const write = (code: string) =>
    kubectl('-n', 'netaccept', 'exec', 'deployment/netaccept-results', '--', '/node', '-e', code);
  await expect(write(script)).rejects.toThrow(/EROFS/);
  await expect(write(script.replace('/var/lib/netaccept/results/x', '/x'))).rejects.toThrow(/EROFS/);
  expect(await volume.list('results')).toEqual([run]);
});

test('clean leaves it alone', async () => {
  expect((await netaccept(['clean'])).exitCode).toBe(0);
  expect((await asked(`/runs/${run}/junit.xml`))[0]).toBe(200);
  expect(await kubectl('-n', 'netaccept', 'get', 'deployment,service,pvc', '-o', 'name')).toBe(
    'deployment.apps/netaccept-results\nservice/netaccept-results\npersistentvolumeclaim/netaccept-results\n',
  );
});

function jsonOfPod(path: string): Promise<string> {
  const selector = 'app.kubernetes.io/component=results';
  return kubectl('-n', 'netaccept', 'get', 'pods', '-l', selector, '-o', `jsonpath={.items[0]${path}}`);
}

/** Status and body. */
async function asked(path: string, token: string | null = TOKEN): Promise<[number, string]> {
  const headers = token === null ? {} : { authorization: `Bearer ${token}` };
  const asking = request(`${site}${path}`, { headers, agent: false }).end();
  const [response] = await once(asking, 'response');
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return [response.statusCode, Buffer.concat(chunks).toString('utf8')];
}

/** With the token as a browser sends it. Nobody complains on the console, and nothing is asked of anybody else. */
async function withPage(look: (page: Page) => Promise<void>): Promise<void> {
  const heard: string[] = [];
  const context = await browser.newContext({ httpCredentials: { username: 'anybody', password: TOKEN } });
  try {
    const page = await context.newPage();
    page.on('console', (message) => heard.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => heard.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith(site)) heard.push(`request: ${request.url()}`);
    });
    await look(page);
  } finally {
    await context.close();
  }
  expect(heard).toEqual([]);
}
