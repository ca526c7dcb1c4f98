import { expect, test } from 'vitest';
import {
  commonNet,
  contains,
  isSameAddress,
  type Net,
  netText,
  overlaps,
  parseNet,
} from '../../../src/checks/shared/cidr.ts';

const net = (text: string): Net => parseNet(text) as Net;

test.each([
  ['10.0.0.0/8', '10.255.0.1', true],
  ['10.0.0.0/8', '11.0.0.1', false],
  ['10.244.1.0/24', '10.244.0.0/16', false],
  ['0.0.0.0/0', '255.255.255.255', true],
  ['0.0.0.0/0', 'fd00::1', false],
  ['fd00:10:244:1::/64', 'fd00:10:244:1:ffff::1', true],
  ['fd00:10:244:1::/64', 'fd00:10:244:2::', false],
  ['::/0', '::ffff:192.0.2.1', true],
])('%s contains %s: %s', (outer, inner, expected) => {
  expect(contains(net(outer), net(inner))).toBe(expected);
});

test('two networks overlap when one holds the other', () => {
  expect(overlaps(net('10.244.0.0/16'), net('10.244.3.0/24'))).toBe(true);
  expect(overlaps(net('10.244.3.0/24'), net('10.244.0.0/16'))).toBe(true);
  expect(overlaps(net('10.244.2.0/24'), net('10.244.3.0/24'))).toBe(false);
});

test.each(['', 'node-1', '10.0.0', '10.0.0.0/33', 'fd00::/129', '10.0.0.0/', '10.0.0.0/8/9', '10.0.0.0/-1'])(
  '"%s" is no network',
  (text) => {
    expect(parseNet(text)).toBeUndefined();
  },
);

test('an address is the same however it is written', () => {
  expect(isSameAddress('fd00:0:0::1', 'fd00::1/64')).toBe(true);
  expect(isSameAddress('172.19.0.1/16', '172.19.0.1')).toBe(true);
  expect(isSameAddress('172.19.0.1', '172.19.0.2')).toBe(false);
  expect(isSameAddress('::ffff:1.2.3.4', '1.2.3.4')).toBe(false);
  expect(isSameAddress('', '')).toBe(false);
});

test('the smallest network around several, written without host bits', () => {
  const around = commonNet(['10.244.1.0/24', '10.244.2.0/24', '10.244.4.7'].map(net)) as Net;
  expect(netText(around)).toBe('10.244.0.0/21');
  const v6 = commonNet(['fd00:10:244:1::/64', 'fd00:10:244:4::/64'].map(net)) as Net;
  expect(netText(v6)).toBe('fd00:10:244::/61');
  expect(netText(net('fd00:10:244:1::/48'))).toBe('fd00:10:244::/48');
  expect(commonNet([])).toBeUndefined();
});
