import { expect, test } from 'vitest';
import { keysOf } from '../../../src/config/keys.ts';
import { isNetctl, type Netctl, netctlLayer } from '../../../src/config/netctl.ts';
import { configSchema } from '../../../src/config/schema.ts';
import { knownNames } from '../../../src/suite/names.ts';
import { between, blocksOf, codeIn, readPage, rowsOf } from './pages.ts';

const page = readPage('docs/coming-from.md');
const rows = rowsOf(between(page, 'netctl'));

/** Complete by its type. */
const KEYS: Record<keyof Netctl, true> = {
  namespace: true,
  version: true,
  mode: true,
  protocol: true,
  podWaitTime: true,
  port: true,
  customizedTargetPortList: true,
  customizedTargetIPList: true,
  targetDNSServer: true,
  targetHostToLookup: true,
  maxNum: true,
  cmdTimeout: true,
  autoClean: true,
  srcKubeConfig: true,
  srcImageRepository: true,
  dstKubeConfig: true,
  dstImageRepository: true,
};

test('every key of netctl’s config.json has a row, and there is no other', () => {
  expect(rows.map(([key = '']) => codeIn(key)[0]).sort()).toEqual(Object.keys(KEYS).sort());
});

test('what a key becomes is a setting', () => {
  const known = keysOf(configSchema(knownNames)).map(({ path }) => path.join('.'));
  const named = rows.flatMap(([, becomes = '']) => codeIn(becomes));
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((name) => !known.includes(name))).toEqual([]);
});

test('what becomes nothing is said to be ignored', () => {
  const dropped = rows
    .filter(([, becomes]) => becomes === 'nothing')
    .map(([key = '']) => codeIn(key)[0] ?? '');
  const content = Object.fromEntries(dropped.map((key) => [key, 'something']));
  const { notes } = netctlLayer(content, 'config.json', () => '', knownNames);
  for (const key of dropped) expect(notes.join('\n')).toContain(`${key} "something" is ignored`);
});

test('the config.json shown is taken without a complaint', () => {
  const [text = ''] = blocksOf(page, 'json');
  const content = JSON.parse(text);
  expect(isNetctl(content)).toBe(true);
  const { problems, notes } = netctlLayer(content, 'config.json', () => '', knownNames);
  expect({ problems, notes }).toEqual({ problems: [], notes: [] });
});
