import { describe, expect, test } from 'vitest';
import { labelSelector } from '../../../src/config/label-selector.ts';
import {
  duration,
  durationText,
  imageOrDefault,
  label,
  quantityOrNone,
  registryOrNone,
  subdomain,
  wholeOrAll,
} from '../../../src/config/values.ts';

const long = 'a'.repeat(63);

const kinds = {
  duration: {
    schema: duration('0s', '24h'),
    good: ['0s', '500ms', '2s', '10m', '1h', '1440m', '007s'],
    bad: ['', '2', 's', '2 s', '-1s', '1.5s', '1m30s', '2S', '25h', '2d', '9999999999ms', '2s\n', 2, 0, null],
  },
  label: {
    schema: label,
    good: ['a', '0', 'netaccept-host', long],
    bad: ['', '-a', 'a-', 'a.b', 'A', 'a_b', 'ä', `${long}a`, 'a\n', 5],
  },
  subdomain: {
    schema: subdomain,
    good: ['a', 'ip-10-0-0-1.eu.example', '10.0.0.1', `${long}${long}`],
    bad: ['', '.a', 'a.', 'a..b', 'a.-b', 'A.b', `${long}${long}${long}${long}aa`],
  },
  quantity: {
    schema: quantityOrNone,
    good: ['', '0', '1', '0.5', '.5', '5.', '10m', '48Mi', '1Gi', '1e3', '1E', '128k', 1, 0.25, 0],
    bad: ['1K', '1 Mi', '1MB', '-1', '+1', 'Mi', '1mi', '1e', -1, Number.NaN, true],
  },
  keepRuns: {
    schema: wholeOrAll(100),
    good: ['all', 1, 100, '1', '100'],
    bad: [0, 101, '0', '101', '', '-1', '1.5', 1.5, 'none', null, '1e1', Number.NaN],
  },
  registry: {
    schema: registryOrNone,
    good: [
      '',
      'localhost',
      'registry.example.org',
      'registry.example.org:5000/a/b_c',
      '[fd00::1]:5000',
      '10.0.0.1:5000/x',
    ],
    bad: [
      'https://registry.example.org',
      'registry.example.org/',
      '/mirror',
      'a b',
      'host:port',
      'host/UPPER',
      'host//x',
    ],
  },
  image: {
    schema: imageOrDefault,
    good: ['', 'agent', 'netaccept/agent:1.2.3', 'host.example:5000/a/b:x', `agent@sha256:${'0'.repeat(64)}`],
    bad: ['Agent:1', 'agent:', 'agent:a b', '/agent', 'agent/', 'agent@sha256:12', 'https://agent'],
  },
  'label selector': {
    schema: labelSelector,
    good: [
      '',
      ' ',
      'a',
      '!a',
      'a=b',
      'a==b',
      'a!=b',
      'a=',
      'a = b , c!=d',
      'a in (b)',
      'a notin (b, c),d',
      'node-role.kubernetes.io/control-plane',
      '!node-role.kubernetes.io/control-plane',
      'topology.kubernetes.io/zone in (eu-1,eu-2),gen>3,gen<9',
      `${long}=${long}`,
    ],
    bad: [
      ',',
      'a,',
      ',a',
      '=b',
      'a=b c=d',
      'a in b',
      'a in (b',
      'a in ()x',
      'ain (b)',
      'a IN (b)',
      '!a=b',
      'a=!b',
      'a=b=c',
      '-a',
      'a-',
      'A/B/c',
      '/a',
      'a/',
      'a>b',
      `a=${long}a`,
      `${long}a`,
      5,
    ],
  },
};

describe.each(Object.entries(kinds))('a %s', (_, { schema, good, bad }) => {
  test.each(good.map((value) => [value]))('may be %j', (value) => {
    expect(schema.safeParse(value).success).toBe(true);
  });

  test.each(bad.map((value) => [value]))('may not be %j', (value) => {
    const { error } = schema.safeParse(value);
    // Every mistake says what is allowed, in the words that the commented file has too.
    const words = 'in' in schema ? schema.in.description : schema.description;
    expect(error?.issues.map(({ message }) => message)).toEqual([words]);
  });
});

test.each([
  ['0s', 0],
  ['1ms', 1],
  ['1500ms', 1500],
  ['2s', 2000],
  ['90s', 90_000],
  ['10m', 600_000],
  ['24h', 86_400_000],
])('%s is %i ms, and the other way round', (text, ms) => {
  expect(duration('0s', '24h').parse(text)).toBe(ms);
  expect(durationText(ms)).toBe(text);
});
