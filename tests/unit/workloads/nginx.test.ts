import { expect, test } from 'vitest';
import { spareAddresses } from '../../../fixtures/clusters/spare.ts';
import { ingressConfig, websiteConfig } from '../../../fixtures/workloads/nginx.ts';

test('a website listens once per port, for both families', () => {
  const tls = { port: 443, certificate: '/c', key: '/k' };
  const config = websiteConfig({ port: 80, status: 503, body: 'closed', tls });
  expect(config.match(/listen [^;]+/g)).toEqual([
    'listen [::]:80 ipv6only=off',
    'listen [::]:443 ssl ipv6only=off',
  ]);
  expect(config).toContain('location / { return 503 "closed\\n"; }');
});

test.each(['a "quote"', 'a $variable', 'a \\', 'two\nlines'])(
  'a body that nginx would read otherwise is refused: %j',
  (body) => {
    expect(() => websiteConfig({ port: 80, status: 200, body })).toThrow('cannot quote');
  },
);

test('an ingress serves its own host, and everybody else the default', () => {
  const files = (name: string) => ({ certificate: `/${name}.crt`, key: `/${name}.key` });
  const config = ingressConfig({
    host: 'shop.example.test',
    tls: files('shop'),
    defaultTls: files('default'),
    ports: { http: 80, https: 443, l4: 7000 },
    backend: '[fd00::1]',
    backendPorts: { http: 80, echo: 9000 },
  });
  const [others = '', ours = ''] = config.split('server {').slice(1);
  expect(others).toContain('default_server');
  expect(others).toContain('/default.crt');
  expect(others).toContain('return 404');
  expect(ours).toContain('server_name shop.example.test;');
  expect(ours).toContain('/shop.crt');
  expect(ours).toContain('proxy_pass http://[fd00::1]:80;');
  expect(config.match(/proxy_pass \[fd00::1\]:9000;/g)).toHaveLength(2);
});

test('spare addresses are of the Nodes’ own network, in the Nodes’ families', () => {
  const node = { name: 'node-1', controlPlane: true, addresses: { v4: '172.29.3.11', v6: 'fd00:29:4::11' } };
  expect(spareAddresses({ nodes: [node] }, 'loadBalancer')).toEqual({
    v4: '172.29.3.202',
    v6: 'fd00:29:4::202',
  });
  const single = { ...node, addresses: { v6: 'fd00:29:4::11' } };
  expect(spareAddresses({ nodes: [single] }, 'externalIp')).toEqual({ v6: 'fd00:29:4::201' });
});
