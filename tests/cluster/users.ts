// Users of the test cluster with rights of their own, and kubeconfigs that are only theirs.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inject } from 'vitest';
import { parse, stringify } from 'yaml';

const run = promisify(execFile);

export interface TestUser {
  kubeconfig: string;
  remove(): Promise<void>;
}

export async function kubectl(...args: string[]): Promise<string> {
  const { stdout } = await run('kubectl', ['--kubeconfig', inject('kubeconfig'), ...args], {
    maxBuffer: 1 << 26,
  });
  return stdout;
}

/** `kubectl apply -f -` of this text. Throws with what kubectl said. */
export async function apply(objects: string, ...args: string[]): Promise<string> {
  const command = ['--kubeconfig', inject('kubeconfig'), 'apply', ...args, '-f', '-'];
  const running = run('kubectl', command);
  running.child.stdin?.end(objects);
  return (await running).stdout;
}

/** A ServiceAccount in `default` with the given ClusterRole, or with no right at all. */
export async function testUser(name: string, clusterRole?: string): Promise<TestUser> {
  await kubectl('-n', 'default', 'create', 'serviceaccount', name);
  const binding = ['create', 'clusterrolebinding', name, `--serviceaccount=default:${name}`];
  if (clusterRole !== undefined) await kubectl(...binding, `--clusterrole=${clusterRole}`);
  const kubeconfig = await kubeconfigOf('default', name);
  return {
    kubeconfig,
    async remove() {
      await kubectl('-n', 'default', 'delete', 'serviceaccount', name);
      if (clusterRole !== undefined) await kubectl('delete', 'clusterrolebinding', name);
    },
  };
}

/** Of a ServiceAccount: its token, and nobody else's rights. */
export async function kubeconfigOf(namespace: string, name: string): Promise<string> {
  const token = (await kubectl('-n', namespace, 'create', 'token', name)).trim();
  const config = parse(await readFile(inject('kubeconfig'), 'utf8'));
  for (const { user } of config.users) for (const key of Object.keys(user)) delete user[key];
  for (const { user } of config.users) user.token = token;
  const kubeconfig = join(await mkdtemp(join(tmpdir(), 'kubeconfig-')), name);
  await writeFile(kubeconfig, stringify(config), { mode: 0o600 });
  return kubeconfig;
}

/** Everything in the cluster that carries our labels, wherever it is. */
export function leftovers(): Promise<string[]> {
  return labelled(
    'namespaces,daemonsets,pods,services,endpointslices,secrets,serviceaccounts,leases,networkpolicies',
  );
}

/** Of these kinds, what carries our labels, in any Namespace. */
export async function labelled(kinds: string): Promise<string[]> {
  const label = 'app.kubernetes.io/managed-by=netaccept';
  const found = await kubectl('get', kinds, '-A', '-l', label, '-o', 'name');
  return found.split('\n').filter((line) => line !== '');
}
