import { expect, test } from 'vitest';
import { dnsmasqConfig, podRoutes } from '../../../fixtures/workloads/external-host-files.ts';

test('the name server of the host outside asks nobody, and has every record in both families', () => {
  const records = {
    'a.external.test': { v4: '192.0.2.1', v6: '100::1' },
    'b.external.test': { v6: '100::2' },
  };
  const lines = dnsmasqConfig('external.test', 'www.external.test', records).split('\n');
  expect(lines).toContain('no-resolv');
  expect(lines).toContain('local=/external.test/');
  expect(lines).toContain('host-record=a.external.test,192.0.2.1,100::1');
  expect(lines).toContain('host-record=b.external.test,100::2');
});

test('routes lead to each Node’s pods by the Node’s address of the same family', () => {
  const node = {
    spec: { podCIDRs: ['10.244.1.0/24', 'fd00:10:244:1::/64'] },
    status: {
      addresses: [
        { type: 'Hostname', address: 'node-1' },
        { type: 'InternalIP', address: '172.29.0.11' },
        { type: 'InternalIP', address: 'fd00:29:1::11' },
      ],
    },
  };
  expect(podRoutes([node, { spec: {} }])).toBe(
    '10.244.1.0/24 172.29.0.11\nfd00:10:244:1::/64 fd00:29:1::11\n',
  );
});
