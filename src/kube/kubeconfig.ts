import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { SetupError } from '../errors.ts';
import { faultOfKubeconfig, faultOfText } from './kubeconfig-shape.ts';

const IN_CLUSTER_TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount/token';

export interface KubeconfigOptions {
  /** Path of a file; without it KUBECONFIG, ~/.kube/config and the pod's own ServiceAccount, in this order. */
  kubeconfig?: string;
  context?: string;
}

/** The kubeconfig with its context chosen. Throws a SetupError if there is none, or it names no cluster. */
export function loadKubeconfig(options: KubeconfigOptions, env = process.env): KubeConfig {
  const config = readFirst(options, env);
  const known = config.getContexts().map((context) => context.name);
  const context = options.context ?? config.getCurrentContext();
  if (!context) {
    throw new SetupError({
      code: 'context-unknown',
      message: `the kubeconfig has no current-context; it knows ${listed(known)}`,
      hint: 'name one with --context',
    });
  }
  if (!known.includes(context)) {
    throw new SetupError({
      code: 'context-unknown',
      message: `context "${context}" is not in the kubeconfig; it knows ${listed(known)}`,
      hint: 'name one of them with --context',
    });
  }
  config.setCurrentContext(context);
  if (!config.getCurrentCluster()?.server) {
    throw new SetupError({
      code: 'kubeconfig-invalid',
      message: `context "${context}" names cluster "${config.getContextObject(context)?.cluster}", which the kubeconfig does not describe`,
    });
  }
  return config;
}

function readFirst(options: KubeconfigOptions, env: NodeJS.ProcessEnv): KubeConfig {
  if (options.kubeconfig !== undefined) {
    if (!existsSync(options.kubeconfig)) throw missing('the kubeconfig', [options.kubeconfig]);
    return readMerged([options.kubeconfig]);
  }
  const named = (env.KUBECONFIG ?? '').split(delimiter).filter((path) => path !== '');
  if (named.length > 0) {
    const there = named.filter((path) => existsSync(path));
    if (there.length === 0) throw missing('KUBECONFIG', named);
    return readMerged(there);
  }
  const own = join(env.HOME ?? homedir(), '.kube', 'config');
  if (existsSync(own)) return readMerged([own]);
  if (env.KUBERNETES_SERVICE_HOST !== undefined && existsSync(IN_CLUSTER_TOKEN)) {
    const config = new KubeConfig();
    config.loadFromCluster();
    return config;
  }
  throw new SetupError({
    code: 'no-cluster',
    message: `no cluster is configured: no --kubeconfig, KUBECONFIG is not set, ${own} does not exist, and this is no pod`,
    hint: 'point --kubeconfig or KUBECONFIG at a kubeconfig file',
  });
}

/** Several files as kubectl merges them: what an earlier file says, a later one cannot change. */
function readMerged(paths: readonly string[]): KubeConfig {
  const merged = new KubeConfig();
  for (const path of paths) {
    const config = new KubeConfig();
    try {
      config.loadFromFile(path);
    } catch (error) {
      throw unreadable(path, faultOfText(error));
    }
    const fault = faultOfKubeconfig(config);
    if (fault !== undefined) throw unreadable(path, fault);
    merged.clusters = firstOfEach([...merged.clusters, ...config.clusters]);
    merged.contexts = firstOfEach([...merged.contexts, ...config.contexts]);
    merged.users = firstOfEach([...merged.users, ...config.users]);
    merged.currentContext ||= config.currentContext;
  }
  return merged;
}

function unreadable(path: string, why: string): SetupError {
  return new SetupError({
    code: 'kubeconfig-invalid',
    message: `${path} is not a readable kubeconfig: ${why}`,
    hint: `look at the file, or write it anew; kubectl --kubeconfig ${path} version says whether kubectl can read it`,
  });
}

function firstOfEach<T extends { name: string }>(items: readonly T[]): T[] {
  return items.filter((item, index) => items.findIndex((other) => other.name === item.name) === index);
}

function missing(from: string, paths: readonly string[]): SetupError {
  return new SetupError({
    code: 'kubeconfig-missing',
    message: `${from} names ${paths.map((path) => `"${path}"`).join(', ')}, which does not exist`,
    hint: 'check the path, or leave it out to use ~/.kube/config',
  });
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'no context at all' : names.map((name) => `"${name}"`).join(', ');
}
