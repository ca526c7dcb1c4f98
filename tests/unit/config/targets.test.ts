import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createAuthority } from '../../../fixtures/clusters/authority.ts';
import { isHost, placeIn } from '../../../src/config/sections/target.ts';
import { load, mistakes } from './loading.ts';

test('every mistake of every target is told at once', async () => {
  const file = 'many-mistakes-in-targets.yaml';
  const sentences = (await mistakes({ file })).map((sentence) => sentence.replaceAll(file, '@'));
  expect(sentences).toEqual([
    'config ingress[0].name: got "Shop", expected a DNS-1123 name: a-z, 0-9, "-" and "." between them, at most 253 characters (from @:2)',
    'config ingress[0].url: got "ftp://shop.example.test", expected an http or https URL without user, password and fragment (such as https://shop.example.org/health) (from @:2)',
    'config ingress[0].port: got 0, expected a whole number from 1 to 65535 (from @:2)',
    'config ingress[0].send: got "x", expected none, because it is for tcp and udp and this is url (from @:2)',
    'config ingress[1].send: got nothing, expected a text to send, because a UDP port that says nothing proves nothing (from @:3)',
    'config ingress[1].udp: got 53, expected host:port, because there is no address (from @:3)',
    'config external[0].icmp: got "not a host", expected a host name or an IP address (from @:5)',
    'config external[0].tls.ca: got 1, expected certificates in PEM, or the path of a file with them (from @:5)',
    'config external[0].tls.color: unknown key, expected one of sni, ca, insecure (from @:5)',
    'config external[0].tls: got a mapping, expected none, because it is for url and this is icmp (from @:5)',
  ]);
});

test('the README’s example is taken as it is', async () => {
  const readme = await readFile(new URL('../../../README.md', import.meta.url), 'utf8');
  const example = /```yaml\n(ingress:[\s\S]+?)```/.exec(readme)?.[1] ?? '';
  const cwd = await mkdtemp(join(tmpdir(), 'netaccept-readme-'));
  onTestFinished(() => rm(cwd, { recursive: true }));
  await writeFile(join(cwd, 'netaccept.yaml'), example);
  await writeFile(join(cwd, 'ca.pem'), (await createAuthority('one', new Date())).ca);
  const { settings } = await load({ cwd });
  expect(settings.ingress.map(({ name }) => name)).toEqual(['shop', 'db']);
  expect(settings.external.map(({ question }) => question.protocol)).toEqual([
    'https',
    'https',
    'tcp',
    'udp',
    'icmp',
  ]);
});

describe('an authority of the user’s own', () => {
  let one: string;
  let two: string;

  beforeAll(async () => {
    one = (await createAuthority('one', new Date())).ca;
    two = (await createAuthority('two', new Date())).ca;
  });

  async function caIn(ca: string, files: Record<string, string> = {}): Promise<string | undefined> {
    const cwd = await mkdtemp(join(tmpdir(), 'netaccept-ca-'));
    onTestFinished(() => rm(cwd, { recursive: true }));
    for (const [name, content] of Object.entries(files)) await writeFile(join(cwd, name), content);
    const entry = { name: 'shop', url: 'https://shop.example.test/', tls: { ca } };
    const { settings } = await load({ cwd, env: { NETACCEPT_INGRESS: JSON.stringify([entry]) } });
    const question = settings.ingress[0]?.question;
    return question?.protocol === 'https' ? question.tls?.ca : undefined;
  }

  test('may stand in the configuration', async () => {
    expect(await caIn(one)).toBe(one.trim());
  });

  test('may be a file, from the working directory, whose certificates are taken and nothing else', async () => {
    const bundle = `# ours\n${one}\n# theirs\n${two}\n`;
    expect(await caIn('ca.pem', { 'ca.pem': bundle })).toBe(`${one.trim()}\n${two.trim()}`);
  });
});

test.each([
  ['www.example.org', true],
  ['localhost', true],
  ['_service.example.org.', true],
  ['192.0.2.1', true],
  ['2001:db8::1', true],
  ['192.0.2', false],
  ['256.1.1.1', false],
  ['a..b', false],
  ['-a', false],
  ['with space', false],
  ['host:80', false],
  ['', false],
  [`${'a'.repeat(64)}.org`, false],
])('%j as a host: %s', (value, is) => {
  expect(isHost(value)).toBe(is);
});

test.each([
  ['db.example.org:5432', { host: 'db.example.org', port: 5432 }],
  ['[2001:db8::1]:53', { host: '2001:db8::1', port: 53 }],
  ['2001:db8::1:53', undefined],
  ['db.example.org', undefined],
  ['db:port', undefined],
])('%j as a place: %j', (value, place) => {
  expect(placeIn(value)).toEqual(place);
});
