import { expect, test } from 'vitest';
import { canonicalValue, reverseName } from '../../../src/checks/shared/dns-records.ts';

test.each([
  ['10.96.0.1', '1.0.96.10.in-addr.arpa'],
  ['fd00:10:96::a', 'a.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.6.9.0.0.0.1.0.0.0.0.d.f.ip6.arpa'],
  ['::1', '1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa'],
  ['2001:db8:1:2:3:4:5:6', '6.0.0.0.5.0.0.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa'],
])('the name of %s is kept under %s', (address, name) => {
  expect(reverseName(address)).toBe(name);
});

test.each([
  ['FD00:0010:96:0:0::000A', 'fd00:10:96::a'],
  ['10.96.0.1', '10.96.0.1'],
  ['Web.Default.SVC.', 'web.default.svc'],
])('%s has one spelling: %s', (came, one) => {
  expect(canonicalValue(came)).toBe(one);
});
