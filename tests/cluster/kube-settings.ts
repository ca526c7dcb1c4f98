import { inject } from 'vitest';
import { connect, type KubeClient } from '../../src/kube/connect.ts';
import type { Settings } from '../../src/model.ts';
import { someSettings } from '../unit/kube/some-settings.ts';
import { kubectl } from './users.ts';

/** Namespaces and host ports of these tests alone: an installation beside them is not disturbed. */
export const NAMESPACES = ['kube-test', 'kube-test-host'];
const PORTS = { tcp: 29_811, http: 29_812, udp: 29_813, closed: 29_819 };

export function kubeSettings(change: Parameters<typeof someSettings>[0] = {}): Settings {
  const [namespace = '', hostNamespace = ''] = NAMESPACES;
  return someSettings({
    namespace,
    hostNamespace,
    image: { name: inject('agentImage'), registry: '', pullPolicy: 'Never', pullSecrets: [] },
    ...change,
    agents: { ports: PORTS, ...change.agents },
  });
}

export function kubeClient(kubeconfig = inject('kubeconfig')): Promise<KubeClient> {
  return connect({ kubeconfig });
}

/** Whatever a test left, by an administrator's hand: not by the code under test. */
export async function removeNamespaces(): Promise<void> {
  await kubectl('delete', 'namespace', ...NAMESPACES, '--ignore-not-found', '--wait');
}
