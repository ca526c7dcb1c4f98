import type { V1DaemonSet, V1PodSpec } from '@kubernetes/client-node';
import { describe, expect, test } from 'vitest';
import { agentObjects } from '../../../src/kube/objects.ts';
import { someSettings } from './some-settings.ts';

const TOKEN = 'c0ffee';

function podOf(daemonSets: V1DaemonSet[], component: string): V1PodSpec {
  const found = daemonSets.find(({ metadata }) => metadata?.name === `netaccept-${component}`);
  expect(found, component).toBeDefined();
  return found?.spec?.template.spec ?? { containers: [] };
}

/** Public certificates; a cluster without them has agents all the same. */
const CLUSTER_CA = { name: 'cluster-ca', configMap: { name: 'kube-root-ca.crt', optional: true } };

describe('the objects of an ordinary installation', () => {
  const { namespaces, serviceAccounts, daemonSets, spec } = agentObjects(someSettings(), TOKEN);

  test('are two Namespaces, a ServiceAccount in each, and three DaemonSets', () => {
    expect(namespaces.map(({ metadata }) => metadata?.name)).toEqual(['netaccept', 'netaccept-host']);
    expect(serviceAccounts.map(({ metadata }) => `${metadata?.namespace}/${metadata?.name}`)).toEqual([
      'netaccept/netaccept-agent',
      'netaccept-host/netaccept-agent',
    ]);
    expect(daemonSets.map(({ metadata }) => `${metadata?.namespace}/${metadata?.name}`)).toEqual([
      'netaccept-host/netaccept-host-agent',
      'netaccept/netaccept-peer-agent',
      'netaccept/netaccept-pod-agent',
    ]);
  });

  test('each carry the label by which they are removed again', () => {
    for (const { metadata } of [...namespaces, ...serviceAccounts, ...daemonSets]) {
      expect(metadata?.labels).toMatchObject({ 'app.kubernetes.io/managed-by': 'netaccept' });
      expect(metadata?.labels).not.toHaveProperty('netaccept.io/created');
    }
  });

  test('mark their pods with the hash of their template', () => {
    for (const { spec: one } of daemonSets) {
      const labels = one?.template.metadata?.labels ?? {};
      const component = labels['app.kubernetes.io/component'] as keyof typeof spec;
      expect(labels['netaccept.io/spec']).toBe(spec[component]);
      expect(spec[component]).toMatch(/^[0-9a-f]{16}$/);
      // The selector is immutable: what changes from version to version must not be in it.
      expect(one?.selector.matchLabels).not.toHaveProperty('netaccept.io/spec');
    }
  });

  test.each(['pod-agent', 'peer-agent'])('%s meets Pod Security "restricted"', (component) => {
    const pod = podOf(daemonSets, component);
    expect(pod.hostNetwork ?? false).toBe(false);
    expect(pod.hostPID ?? false).toBe(false);
    expect(pod.hostIPC ?? false).toBe(false);
    expect(pod.volumes ?? []).toEqual(component === 'peer-agent' ? [] : [CLUSTER_CA]);
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      runAsUser: 65_532,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(pod.securityContext?.sysctls).toEqual([{ name: 'net.ipv4.ping_group_range', value: '0 65535' }]);
    for (const container of pod.containers) {
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      for (const port of container.ports ?? []) expect(port.hostPort).toBeUndefined();
    }
  });

  test('host-agent has the host network and NET_RAW, and nothing else', () => {
    const pod = podOf(daemonSets, 'host-agent');
    expect(pod).toMatchObject({ hostNetwork: true, dnsPolicy: 'ClusterFirstWithHostNet' });
    expect(pod.hostPID ?? false).toBe(false);
    expect(pod.hostIPC ?? false).toBe(false);
    expect(pod.volumes).toEqual([CLUSTER_CA]);
    // The kubelet refuses network sysctls in the host's network.
    expect(pod.securityContext?.sysctls ?? []).toEqual([]);
    expect(pod.containers[0]?.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'], add: ['NET_RAW'] },
    });
  });

  test('hold no API token, and learn who they are from the downward API', () => {
    for (const { automountServiceAccountToken } of serviceAccounts)
      expect(automountServiceAccountToken).toBe(false);
    for (const component of ['pod-agent', 'peer-agent', 'host-agent']) {
      const pod = podOf(daemonSets, component);
      expect(pod).toMatchObject({ automountServiceAccountToken: false, enableServiceLinks: false });
      const env = new Map(pod.containers[0]?.env?.map((variable) => [variable.name, variable]));
      expect(env.get('NETACCEPT_NODE')?.valueFrom?.fieldRef?.fieldPath).toBe('spec.nodeName');
      expect(env.get('NETACCEPT_POD')?.valueFrom?.fieldRef?.fieldPath).toBe('metadata.name');
      expect(env.get('NETACCEPT_UID')?.valueFrom?.fieldRef?.fieldPath).toBe('metadata.uid');
      expect(env.get('NETACCEPT_TOKEN')?.valueFrom?.secretKeyRef).toEqual({
        name: 'netaccept-token',
        key: 'token',
      });
    }
  });
});

describe('the settings', () => {
  const changed = agentObjects(
    someSettings({
      namespace: 'a',
      hostNamespace: 'b',
      nodes: { selector: 'pool in (x, y),!virtual', exclude: ['n1', 'n2'] },
      image: { name: 'agent:7', registry: 'mirror.example/x/', pullPolicy: 'Always', pullSecrets: ['s1'] },
      agents: {
        ports: { tcp: 1, http: 2, udp: 3, closed: 4 },
        tolerations: [{ key: 'k', operator: 'Exists' }],
        priorityClassName: 'high',
        resources: { requests: {}, limits: { cpu: '1' } },
      },
    }),
    TOKEN,
  );
  const pods = changed.daemonSets.map(({ spec }) => spec?.template.spec);

  test('name the Namespaces', () => {
    expect(changed.namespaces.map(({ metadata }) => metadata?.name)).toEqual(['a', 'b']);
    expect(new Set(changed.daemonSets.map(({ metadata }) => metadata?.namespace))).toEqual(
      new Set(['a', 'b']),
    );
  });

  test('reach every pod', () => {
    for (const pod of pods) {
      expect(pod).toMatchObject({
        imagePullSecrets: [{ name: 's1' }],
        priorityClassName: 'high',
        tolerations: [{ key: 'k', operator: 'Exists' }],
      });
      const container = pod?.containers[0];
      expect(container).toMatchObject({
        image: 'mirror.example/x/agent:7',
        imagePullPolicy: 'Always',
        resources: { requests: {}, limits: { cpu: '1' } },
      });
      expect(container?.ports?.map(({ containerPort }) => containerPort)).toEqual([1, 2, 3]);
      const env = Object.fromEntries((container?.env ?? []).map(({ name, value }) => [name, value]));
      expect(env).toMatchObject({
        NETACCEPT_TCP_PORT: '1',
        NETACCEPT_HTTP_PORT: '2',
        NETACCEPT_UDP_PORT: '3',
      });
    }
  });

  test('hand UDP ports to the host-network agents only, and declare none: a CNI may have declared the same', () => {
    const udpPort = { ports: [4789, 14_789], vxlan: true };
    const { daemonSets } = agentObjects(someSettings({ udpPort }), TOKEN);
    const seen = daemonSets.map(({ spec }) => {
      const { hostNetwork, containers } = spec?.template.spec ?? { containers: [] };
      const value = containers[0]?.env?.find(({ name }) => name === 'NETACCEPT_UDP_PORTS')?.value;
      return [hostNetwork === true, value, containers[0]?.ports?.length];
    });
    expect(new Set(seen.map(String))).toEqual(new Set(['true,4789,14789,3', 'false,,3']));
  });

  test('keep the pods on the selected Nodes', () => {
    for (const pod of pods) {
      const required = pod?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
      expect(required?.nodeSelectorTerms).toEqual([
        {
          matchExpressions: [
            { key: 'pool', operator: 'In', values: ['x', 'y'] },
            { key: 'virtual', operator: 'DoesNotExist' },
            { key: 'kubernetes.io/os', operator: 'NotIn', values: ['windows'] },
          ],
          matchFields: [
            { key: 'metadata.name', operator: 'NotIn', values: ['n1'] },
            { key: 'metadata.name', operator: 'NotIn', values: ['n2'] },
          ],
        },
      ]);
    }
  });

  test('without NET_RAW take root away from the host agents too', () => {
    const { daemonSets } = agentObjects(someSettings({ agents: { netRaw: false } }), TOKEN);
    const pod = podOf(daemonSets, 'host-agent');
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 65_532, runAsGroup: 65_532 });
    expect(pod.containers[0]?.securityContext?.capabilities).toEqual({ drop: ['ALL'] });
  });

  test('without host network leave nothing of it but what has to be removed', () => {
    const objects = agentObjects(someSettings({ agents: { hostNetwork: false, peer: false } }), TOKEN);
    expect(objects.namespaces.map(({ metadata }) => metadata?.name)).toEqual(['netaccept']);
    expect(Object.keys(objects.spec)).toEqual(['pod-agent']);
    expect(objects.unwanted).toEqual([
      { component: 'host-port-agent', namespace: 'netaccept-host' },
      { component: 'host-agent', namespace: 'netaccept-host' },
      { component: 'peer-agent', namespace: 'netaccept' },
    ]);
  });

  test('with a hostPort bring a pod that has it, in the privileged Namespace, without the host network too', () => {
    const settings = someSettings({ agents: { hostNetwork: false } });
    const services = { ...settings.services, hostPort: 4000 };
    const objects = agentObjects({ ...settings, services }, TOKEN);
    expect(objects.namespaces.map(({ metadata }) => metadata?.name)).toEqual(['netaccept', 'netaccept-host']);
    const found = objects.daemonSets.find(({ metadata }) => metadata?.name === 'netaccept-host-port-agent');
    expect(found?.metadata?.namespace).toBe('netaccept-host');
    const pod = podOf(objects.daemonSets, 'host-port-agent');
    expect(pod.hostNetwork ?? false).toBe(false);
    expect(pod.containers[0]?.ports).toEqual([
      { name: 'tcp', containerPort: 29_801, hostPort: 4000, protocol: 'TCP' },
      { name: 'http', containerPort: 29_802, protocol: 'TCP' },
      { name: 'udp', containerPort: 29_803, hostPort: 4000, protocol: 'UDP' },
    ]);
  });

  test('with one Namespace for all make it privileged, once', () => {
    const { namespaces, serviceAccounts } = agentObjects(someSettings({ hostNamespace: 'netaccept' }), TOKEN);
    expect(namespaces.map(({ metadata }) => metadata)).toMatchObject([
      { name: 'netaccept', labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } },
    ]);
    expect(serviceAccounts).toHaveLength(1);
  });
});

describe('the hash of a template', () => {
  const hashes = (change: Parameters<typeof someSettings>[0], token = TOKEN) =>
    agentObjects(someSettings(change), token).spec;

  test('is the same for the same settings', () => {
    expect(hashes({})).toEqual(hashes({}));
  });

  test.each([
    ['the image', hashes({ image: { name: 'other', registry: '', pullPolicy: 'Always', pullSecrets: [] } })],
    ['a port', hashes({ agents: { ports: { tcp: 9, http: 2, udp: 3, closed: 4 } } })],
    // Agents read the token once: those with an older one must go.
    ['the token', hashes({}, 'other')],
  ])('changes with %s', (_what, changed) => {
    expect(changed['pod-agent']).not.toBe(hashes({})['pod-agent']);
  });

  test('does not show the token', () => {
    expect(JSON.stringify(agentObjects(someSettings(), TOKEN))).not.toContain(TOKEN);
  });
});
