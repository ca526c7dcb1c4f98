import { expect, test } from 'vitest';
import { resolveName } from '../../src/checks/shared/resolve.ts';
import type { Family } from '../../src/model.ts';
import { nameServer } from './asking.ts';
import { closedPort } from './stand-ins.ts';

const zone = {
  'www.example.test': { A: '192.0.2.7', AAAA: Buffer.from('20010db8000000000000000000000007', 'hex') },
  'old.example.test': { A: '192.0.2.8' },
  'broken.example.test': { code: 2 },
  'foreign.example.test': { code: 5 },
  'slow.example.test': { silent: true },
} as const;

async function resolve(name: string, family: Family, servers?: string[], timeoutMs = 3000) {
  const { signal } = new AbortController();
  return resolveName(name, family, { timeoutMs, signal, servers: servers ?? [await nameServer(zone)] });
}

test('each family has its own address', async () => {
  expect(await resolve('www.example.test', 'v4')).toMatchObject({ address: '192.0.2.7' });
  expect(await resolve('www.example.test', 'v6')).toMatchObject({ address: '2001:db8::7' });
});

test.each([
  ['gone.example.test', 'v4', /^cannot resolve gone\.example\.test: ENOTFOUND by 127\.0\.0\.1:\d+$/],
  ['old.example.test', 'v6', /^old\.example\.test has no IPv6 address: ENODATA by 127/],
  ['broken.example.test', 'v4', /^cannot resolve broken\.example\.test: ESERVFAIL by 127/],
  ['foreign.example.test', 'v4', /^cannot resolve foreign\.example\.test: EREFUSED by 127/],
] as const)('%s %s: news about DNS', async (name, family, detail) => {
  expect(await resolve(name, family)).toEqual({
    attempt: { outcome: 'wrong-answer', detail: expect.stringMatching(detail), found: { step: 'resolve' } },
  });
});

test('a silent server, and one that is not there', async () => {
  expect(await resolve('slow.example.test', 'v4', undefined, 300)).toMatchObject({
    attempt: { outcome: 'timed-out', detail: expect.stringMatching(/ETIMEOUT/) },
  });
  const closed = `127.0.0.1:${await closedPort()}`;
  expect(await resolve('www.example.test', 'v4', [closed])).toMatchObject({
    attempt: { outcome: 'refused', detail: expect.stringMatching(/ECONNREFUSED/) },
  });
});

test('the second server is asked when the first is silent', async () => {
  const servers = [await nameServer({ 'www.example.test': { silent: true } }), await nameServer(zone)];
  expect(await resolve('www.example.test', 'v4', servers)).toMatchObject({ address: '192.0.2.7' });
});

test('an abort says nothing about DNS', async () => {
  const controller = new AbortController();
  const servers = [await nameServer(zone)];
  const asked = resolveName('slow.example.test', 'v4', {
    timeoutMs: 60_000,
    signal: controller.signal,
    servers,
  });
  controller.abort('interrupted');
  expect(await asked).toEqual({ attempt: { outcome: 'unobserved', cause: 'interrupted' } });
});
