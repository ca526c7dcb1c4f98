import { describe, expect, test } from 'vitest';
import { dualStack, settings } from '../../../fixtures/topologies/dual-stack.ts';
import { checks } from '../../../src/checks/registry.ts';
import { unconfigured } from '../../../src/matrix/unconfigured.ts';
import type { TargetSettings } from '../../../src/model.ts';

const gateway: TargetSettings = {
  name: 'gateway',
  from: ['pod', 'host'],
  at: ['192.0.2.1'],
  placed: false,
  question: { protocol: 'icmp', port: 0 },
};

function complaints(only: string[], external: TargetSettings[] = []): string[] {
  const chosen = settings((draft) => Object.assign(draft, { only, external }));
  return unconfigured(checks, dualStack(1), chosen).map(({ message }) => message);
}

describe('a check that only the configuration gives cases', () => {
  const runs = Object.fromEntries(checks.map((check) => [check.name, `${check.name} runs ${check.runs}`]));
  const sentence = (name: string, ...idle: string[]) =>
    `only: ${name} was asked for and has no case, so nothing would be proven: ${idle.map((check) => runs[check]).join('; ')}`;

  test.each([
    ['external', ['external']],
    ['pod-to-external', ['external', 'policy']],
  ])('is missed when %s is asked for', (name, idle) => {
    expect(complaints([name])).toEqual([sentence(name, ...idle)]);
    expect(complaints(['tcp', 'pod-to-pod', name])).toEqual([sentence(name, ...idle)]);
    expect(complaints([name], [gateway])).toEqual([]);
  });

  test('is not missed by who asks for nothing in particular, or for others', () => {
    expect(complaints([])).toEqual([]);
    expect(complaints(['tcp'])).toEqual([]);
    expect(complaints(['pod-to-pod'])).toEqual([]);
  });

  test('each is named', () => {
    expect(complaints(['external', 'ingress'])).toHaveLength(2);
  });
});
