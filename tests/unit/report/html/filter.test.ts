import { expect, test } from 'vitest';
import { fullSuite } from '../../../../fixtures/runs/full-suite.ts';
import type { RunResult } from '../../../../src/model.ts';
import { type Filter, matching } from '../../../../src/report/html/page/filter.ts';
import { idOf, type Run } from '../../../../src/report/html/page/run.ts';
import { opened, pageOf } from './opened.ts';

const whole = fullSuite(4);
const { findings } = whole.diagnosis;
// As if nobody had explained what the last finding does.
const run: RunResult = {
  ...whole,
  diagnosis: { findings: findings.slice(0, -1), unexplained: findings.at(-1)?.cases ?? [] },
};
const page: Run = await opened(pageOf(run));

const found = (filter: Filter) => Array.from(matching(page, filter), (row) => idOf(page, row)).toSorted();
const among = (wanted: (verdict: (typeof run.verdicts)[number]) => boolean) =>
  run.verdicts
    .filter(wanted)
    .map((verdict) => verdict.case.id)
    .toSorted();

const ROWS: [string, Filter, string[]][] = [
  ['nothing', {}, among(() => true)],
  ['a verdict', { verdict: 'errored' }, among(({ verdict }) => verdict === 'errored')],
  [
    'passes are not the flaky ones',
    { verdict: 'passed' },
    among(({ verdict, flaky }) => verdict === 'passed' && !flaky),
  ],
  ['flaky', { verdict: 'flaky' }, among(({ flaky }) => flaky)],
  [
    'whatever did not pass',
    { verdict: 'not-passed' },
    among(({ verdict }) => verdict === 'failed' || verdict === 'errored'),
  ],
  [
    'a kind',
    { path: 'pod-to-pod', check: 'tcp', family: 'v6' },
    among((each) => each.case.id.startsWith('pod-to-pod/tcp/v6 ')),
  ],
  [
    'a pair',
    { from: 'node-1', to: 'node-2' },
    among((each) => each.case.source.node === 'node-1' && each.case.target.node === 'node-2'),
  ],
  [
    'a Node at either end',
    { node: 'node-3' },
    among((each) => [each.case.source.node, each.case.target.node].includes('node-3')),
  ],
  ['a target', { target: 'VIP' }, among((each) => each.case.target.name === 'VIP')],
  [
    'a finding',
    { finding: run.diagnosis.findings[0]?.id },
    run.diagnosis.findings[0]?.cases.toSorted() ?? [],
  ],
  ['no finding', { finding: 'none' }, run.diagnosis.unexplained.toSorted()],
  ['a change', { change: 'fixed' }, run.comparison?.fixed.toSorted() ?? []],
  ['a reason', { reason: 'refused' }, among(({ reason }) => reason === 'refused')],
  ['a pasted id', { q: 'Node-To-Node/udp/v4 node-1 → node-4' }, ['node-to-node/udp/v4 node-1 → node-4']],
  [
    'words anywhere',
    { q: 'SRV timed-out' },
    among((each) => each.case.target.name.includes('SRV') && each.reason === 'timed-out'),
  ],
  ['a name that nothing has', { node: 'node-77' }, []],
  ['a word that nothing has', { q: '<img>' }, []],
];

test.each(ROWS)('%s', (_name, filter, ids) => {
  expect(found(filter)).toEqual(ids);
});

test('the rows above are about something', () => {
  const empty = ROWS.filter(([, , ids]) => ids.length === 0).map(([name]) => name);
  expect(empty).toEqual(['a name that nothing has', 'a word that nothing has']);
});
