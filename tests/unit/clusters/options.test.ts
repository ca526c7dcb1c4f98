import { describe, expect, test } from 'vitest';
import { parseClusterOptions } from '../../../fixtures/clusters/options.ts';
import { SetupError } from '../../../src/errors.ts';

describe('cluster options', () => {
  test('have the defaults that the README tells', () => {
    expect(parseClusterOptions({})).toEqual({ name: 'netaccept', nodes: 4, ip: 'dual' });
  });

  test('take every allowed value', () => {
    const raw = { name: 'a-1', nodes: '12', ip: 'ipv6', provider: 'kind' };
    expect(parseClusterOptions(raw)).toEqual({ ...raw, nodes: 12 });
  });

  test('report every mistake at once, each with its field, what came and what is allowed', () => {
    expect(messages({ name: 'Not_a_name', nodes: '13', ip: 'ipx', provider: 'minikube' })).toEqual([
      '--name: "Not_a_name" is not a cluster name: 1 to 30 of a-z, 0-9 and "-", starting and ending with a letter or digit',
      '--nodes: "13" is not a whole number from 1 to 12',
      '--ip: "ipx" is not one of dual, ipv4, ipv6',
      '--provider: "minikube" is not one of local, kind, existing',
    ]);
  });

  test.each(['0', '-1', '1.5', '1e1', '', 'four', ' 4'])('refuse %j nodes', (nodes) => {
    expect(messages({ nodes })).toEqual([`--nodes: "${nodes}" is not a whole number from 1 to 12`]);
  });

  test.each(['', '-a', 'a-', 'a.b', 'ä', 'a'.repeat(31)])('refuse the name %j', (name) => {
    expect(messages({ name })).toHaveLength(1);
  });
});

function messages(raw: Parameters<typeof parseClusterOptions>[0]): string[] {
  try {
    parseClusterOptions(raw);
  } catch (error) {
    if (error instanceof SetupError) {
      return error.problems.map((problem) => problem.message);
    }
  }
  return [];
}
