import { expect, test } from 'vitest';
import type { CaseVerdict, ControlVerdict } from '../../../src/model.ts';
import { unprovenIn } from '../../../src/resume/unproven.ts';

const verdict = (id: string, part: Partial<CaseVerdict>, node = 'node-1'): CaseVerdict => ({
  case: {
    id,
    check: 'tcp',
    path: 'pod-to-pod',
    family: 'v4',
    source: { cluster: 'c', node, network: 'pod' },
    target: { cluster: 'c', name: 'node-2', node: 'node-2', network: 'pod' },
  },
  verdict: 'passed',
  reason: 'proof',
  sentence: '',
  flaky: false,
  attempts: [],
  ...part,
});

const control = (node: string, state: ControlVerdict['state'], check = 'tcp'): ControlVerdict => ({
  control: {
    id: `control ${node} ${check}`,
    kind: 'closed-port',
    check,
    family: 'v4',
    source: { cluster: 'c', node, network: 'pod' },
  },
  state,
  sentence: '',
});

const standing = {
  verdicts: [
    verdict('passed', {}),
    verdict('failed', { verdict: 'failed', reason: 'timed-out' }),
    verdict('errored', { verdict: 'errored', reason: 'no-agent' }),
    verdict('skipped', { verdict: 'skipped', reason: 'rule' }),
    verdict('flaky', { flaky: true }),
    verdict('elsewhere', {}, 'node-2'),
  ],
  controls: [control('node-1', 'held'), control('node-2', 'held')],
};

test('what failed or errored is asked again, what passed or was skipped is not', () => {
  expect([...unprovenIn(standing, { flaky: false })]).toEqual(['failed', 'errored']);
});

test('on demand the flaky ones too', () => {
  expect([...unprovenIn(standing, { flaky: true })]).toEqual(['failed', 'errored', 'flaky']);
});

test.each(['broken', 'unobserved'] as const)(
  'a %s control takes the proof from what it vouched for',
  (state) => {
    const controls = [control('node-1', 'held'), control('node-2', state), control('node-1', state, 'udp')];
    expect([...unprovenIn({ ...standing, controls }, { flaky: false })]).toEqual([
      'failed',
      'errored',
      'elsewhere',
    ]);
  },
);

test('a control vouches for its own family only, and a skipped case needs none', () => {
  const made = control('node-1', 'broken');
  const other = { ...made, control: { ...made.control, family: 'v6' as const } };
  const controls = [other];
  expect([...unprovenIn({ ...standing, controls }, { flaky: false })]).toEqual(['failed', 'errored']);
  expect([...unprovenIn({ ...standing, controls: [made] }, { flaky: false })]).not.toContain('skipped');
});
