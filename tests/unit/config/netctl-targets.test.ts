import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { knownNames, load, mistakes } from './loading.ts';

const names = [...knownNames, 'external', 'pod-to-external', 'node-to-external'];

const tcp = (name: string, host: string, port: number) => ({
  ...{ name, from: ['host'], at: [host], placed: true },
  question: { protocol: 'tcp', port },
});

test('each address with each port, from where the mode starts, and nothing else, as with netctl', async () => {
  const { settings, notes } = await load({ file: 'netctl-targets.json', knownNames: names });
  expect(settings.only).toEqual(['node-to-external', 'external']);
  expect(settings.external).toEqual([
    tcp('tcp-192.0.2.1-53', '192.0.2.1', 53),
    tcp('tcp-192.0.2.1-443', '192.0.2.1', 443),
    tcp('tcp-2001-db8--1-53', '2001:db8::1', 53),
    tcp('tcp-2001-db8--1-443', '2001:db8::1', 443),
  ]);
  expect(notes.filter((note) => note.includes('customized'))).toEqual([]);
});

const lists = { customizedTargetIPList: ['192.0.2.1'], customizedTargetPortList: ['53'] };

test.each([
  [
    'one list without the other',
    { customizedTargetIPList: ['192.0.2.1'] },
    /^\S+ customizedTargetIPList .* is ignored: netctl has no use/,
  ],
  ['udp', { ...lists, protocol: 'udp' }, /customizedTargetIPList .*silence of a UDP port proves nothing/],
])('%s is told to be ignored, and nothing is sent there', async (_what, content, note) => {
  const { settings, notes } = await load({ ...(await file(content)), knownNames: names });
  expect(settings.external).toEqual([]);
  expect(settings.only).not.toContain('external');
  expect(notes).toContainEqual(expect.stringMatching(note));
});

test('another protocol makes no difference to them, which is told', async () => {
  const { settings, notes } = await load({
    ...(await file({ ...lists, protocol: 'icmp' })),
    knownNames: names,
  });
  expect(settings.external).toHaveLength(1);
  expect(settings.only).toEqual(['pod-to-external', 'external']);
  expect(notes).toContainEqual(expect.stringContaining('the customized targets are asked over TCP'));
});

test('a mistake in them names netctl’s own key', async () => {
  const content = { ...lists, customizedTargetIPList: ['192.0.2.256'] };
  expect(await mistakes({ ...(await file(content)), knownNames: names })).toEqual([
    'config external[0].address: got "192.0.2.256", expected a host name or an IP address, or a list of such (from customizedTargetIPList in config.json:1)',
  ]);
});

async function file(content: object): Promise<{ cwd: string; file: string }> {
  const cwd = await mkdtemp(join(tmpdir(), 'netaccept-netctl-'));
  onTestFinished(() => rm(cwd, { recursive: true }));
  await writeFile(join(cwd, 'config.json'), JSON.stringify({ autoClean: true, ...content }));
  return { cwd, file: 'config.json' };
}
