import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { localAddresses } from '../../src/agent/responders/local-addresses.ts';
import { onEveryFamily } from '../../src/agent/responders/responder.ts';
import { serveUdp } from '../../src/agent/responders/udp.ts';

const failing = (code: string) => Object.assign(new Error(code), { code });

test.each(['EAFNOSUPPORT', 'EADDRNOTAVAIL'])(
  'without IPv6 (%s) a responder listens on IPv4',
  async (code) => {
    const tried: string[] = [];
    const host = await onEveryFamily((candidate) => {
      tried.push(candidate);
      return candidate === '::' ? Promise.reject(failing(code)) : Promise.resolve(candidate);
    });
    expect([host, tried]).toEqual(['0.0.0.0', ['::', '0.0.0.0']]);
  },
);

test('a taken port is no reason to listen on less', async () => {
  const bind = (host: string) =>
    host === '::' ? Promise.reject(failing('EADDRINUSE')) : Promise.resolve(host);
  await expect(onEveryFamily(bind)).rejects.toThrow('EADDRINUSE');
});

const entry = (address: string) => ({
  address,
  netmask: '',
  family: 'IPv4' as const,
  mac: '',
  internal: false,
  cidr: null,
});

test('a node is asked on all its addresses, but link-local ones and those of kube-proxy’s IPVS device', () => {
  const interfaces = {
    lo: [entry('127.0.0.1'), entry('::1')],
    eth0: [entry('172.32.0.2'), entry('fd00:32::2'), entry('fe80::1')],
    cni0: [entry('10.244.0.1'), entry('172.32.0.2')],
    'kube-ipvs0': [entry('10.96.0.1')],
  };
  const expected = ['127.0.0.1', '::1', '172.32.0.2', 'fd00:32::2', '10.244.0.1'];
  expect(localAddresses(interfaces)).toEqual(expected);
});

test('udp answers from the very address that was asked', async () => {
  const responder = await serveUdp(
    0,
    () => 'hello',
    () => ['127.0.0.1', '127.0.0.2', '127.0.0.3'],
  );
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const heard: string[] = [];
  for (const address of ['127.0.0.3', '127.0.0.1', '127.0.0.2']) {
    socket.send('hello?', responder.port, address);
    const [, peer] = await once(socket, 'message');
    heard.push(peer.address);
  }
  socket.close();
  await responder.close();
  expect(heard).toEqual(['127.0.0.3', '127.0.0.1', '127.0.0.2']);
});

test('udp waits for an address that the kernel does not give yet', async () => {
  let asked = 0;
  const responder = await serveUdp(
    0,
    () => 'hello',
    () => {
      asked += 1;
      // This host does not have it (TEST-NET-3): as good as an IPv6 address in duplicate detection.
      return asked < 3 ? ['127.0.0.1', '203.0.113.1'] : ['127.0.0.1', '127.0.0.2'];
    },
  );
  await responder.close();
  expect(asked).toBe(3);
});
