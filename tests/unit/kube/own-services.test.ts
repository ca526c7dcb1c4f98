import type { V1Service } from '@kubernetes/client-node';
import { describe, expect, test } from 'vitest';
import { dualStack } from '../../../fixtures/topologies/dual-stack.ts';
import { OWN } from '../../../src/checks/shared/services/part.ts';
import { SetupError } from '../../../src/errors.ts';
import { localSlices } from '../../../src/kube/local-slices.ts';
import { chosenServices } from '../../../src/kube/named-services.ts';
import { LOCAL_SERVICE } from '../../../src/kube/names.ts';
import { agentObjects } from '../../../src/kube/objects.ts';
import type { NamedService } from '../../../src/model.ts';
import { someSettings } from './some-settings.ts';

describe('our own Services', () => {
  const settings = someSettings({
    namespace: 'a',
    agents: { ports: { tcp: 1, http: 2, udp: 3, closed: 4 } },
  });
  const { services } = agentObjects(settings, 'token');

  test('are those that the check knows, in the agents’ Namespace, with the labels by which they are removed', () => {
    expect(services.map(({ metadata }) => metadata?.name).sort()).toEqual(Object.values(OWN).sort());
    expect(OWN.local).toBe(LOCAL_SERVICE);
    for (const { metadata } of services) {
      expect(metadata).toMatchObject({
        namespace: 'a',
        labels: { 'app.kubernetes.io/managed-by': 'netaccept' },
      });
    }
  });

  test('have the agents’ ports', () => {
    for (const { spec } of services) {
      expect(spec?.ports).toEqual([
        { name: 'tcp', port: 1, protocol: 'TCP' },
        { name: 'http', port: 2, protocol: 'TCP' },
        { name: 'udp', port: 3, protocol: 'UDP' },
      ]);
    }
  });

  test('select the pod-network agents and no other pod of ours; one has no selector', () => {
    for (const { metadata, spec } of services) {
      const component = metadata?.name === LOCAL_SERVICE ? undefined : 'pod-agent';
      expect(spec?.selector?.['app.kubernetes.io/component']).toBe(component);
    }
  });
});

describe('the EndpointSlices of the Service without selector', () => {
  const service: V1Service = {
    metadata: { name: LOCAL_SERVICE, namespace: 'a' },
    spec: { ipFamilies: ['IPv6', 'IPv4'], ports: [{ name: 'udp', port: 3, protocol: 'UDP' }] },
  };

  test('name the ready agent of the first Node, one for each family', () => {
    const { agents } = dualStack(3);
    for (const agent of agents) if (agent.node === 'node-1') agent.ready = false;
    const slices = localSlices(service, [...agents].reverse());
    expect(slices.map(({ metadata, addressType }) => [metadata?.name, addressType])).toEqual([
      ['netaccept-local-v4', 'IPv4'],
      ['netaccept-local-v6', 'IPv6'],
    ]);
    expect(slices[0]).toMatchObject({
      metadata: { namespace: 'a', labels: { 'kubernetes.io/service-name': LOCAL_SERVICE } },
      endpoints: [{ addresses: ['10.244.2.2'], nodeName: 'node-2', targetRef: { uid: 'uid-pod-prober-2' } }],
      ports: [{ name: 'udp', port: 3, protocol: 'UDP' }],
    });
  });

  test('are none where no agent is ready, and leave out a family that the agent or the Service lacks', () => {
    expect(localSlices(service, [])).toEqual([]);
    const { agents } = dualStack(1);
    for (const agent of agents) delete agent.addresses.v6;
    expect(localSlices(service, agents)).toHaveLength(1);
    const single = { ...service, spec: { ...service.spec, ipFamilies: ['IPv6'] } };
    expect(localSlices(single, agents)).toEqual([]);
  });
});

describe('the Services that the settings name', () => {
  const serviceOf = (name: string, spec: V1Service['spec']): V1Service => ({
    metadata: { namespace: 'shop', name },
    spec: { clusterIP: '10.96.0.9', clusterIPs: ['10.96.0.9'], ...spec },
  });
  const services = [
    serviceOf('web', {
      type: 'ClusterIP',
      ports: [
        { name: 'http', port: 80 },
        { port: 53, protocol: 'UDP' },
      ],
    }),
    serviceOf('outside', { type: 'ExternalName' }),
    serviceOf('headless', { clusterIP: 'None', ports: [{ port: 80 }] }),
    serviceOf('signals', { ports: [{ port: 80, protocol: 'SCTP' }] }),
  ];
  const choose = (...named: NamedService[]) => chosenServices(named, services, []);

  test('are found once each, by the port’s name and by its number', () => {
    const found = choose({ service: 'shop/web:http' }, { service: 'shop/web:80', path: '/' });
    expect(found.map(({ name, role }) => [name, role])).toEqual([['web', 'named']]);
  });

  test('each mistake is told, all at once, by its place in the settings', () => {
    const all = [
      { service: 'shop/wbe:http' },
      { service: 'away/web:http' },
      { service: 'shop/web:https' },
      { service: 'shop/outside:80' },
      { service: 'shop/headless:80' },
      { service: 'shop/signals:80' },
      { service: 'shop/web:53' },
      { service: 'shop/web:80', send: 'x' },
      { service: 'shop/web:53', send: 'x' },
    ];
    const failed = () => choose(...all);
    expect(failed).toThrow(SetupError);
    const { problems } = (() => {
      try {
        failed();
      } catch (error) {
        return error as SetupError;
      }
      throw new Error('nothing was refused');
    })();
    expect(problems.map(({ message }) => message)).toEqual([
      'services.named[0].service: got "shop/wbe:http", but namespace shop has no Service "wbe" (it has web, outside, headless, signals)',
      'services.named[1].service: got "away/web:http", but namespace away has no Service "web" (it has none at all)',
      'services.named[2].service: got "shop/web:https", but that Service has no port "https" (it has 80 http, 53)',
      'services.named[3].service: got "shop/outside:80", but that Service is an ExternalName: it only stands for a DNS name',
      'services.named[4].service: got "shop/headless:80", but that Service is headless: it has no address of its own to ask',
      'services.named[5].service: got "shop/signals:80", but that port speaks SCTP, which netaccept does not',
      'services.named[6].service: got "shop/web:53", but that port speaks UDP: give send, a text that it answers',
      'services.named[7].service: got "shop/web:80", but that port speaks TCP: send is for UDP',
    ]);
  });
});
