import { expect, test } from 'vitest';
import { fullSuite } from '../../../../fixtures/runs/full-suite.ts';
import { MARKS } from '../../../../src/report/html/format.ts';
import { cellsOf } from '../../../../src/report/html/page/cells.ts';
import { matching } from '../../../../src/report/html/page/filter.ts';
import { moved } from '../../../../src/report/html/page/grid-keys.ts';
import { linkTo, routeOf } from '../../../../src/report/html/page/route.ts';
import { scaleOf } from '../../../../src/report/html/page/scales.ts';
import { nodesWorstFirst } from '../../../../src/report/html/page/worst-nodes.ts';
import { UGLY } from '../results.ts';
import { opened, pageOf } from './opened.ts';

const run = fullSuite(5);
const page = await opened(pageOf(run));
const at = (source: string, target: string) =>
  page.overview.nodes.indexOf(source) * page.overview.nodes.length + page.overview.nodes.indexOf(target);

test('a cell is all cases of a pair, as bad as the worst of them', () => {
  const cells = cellsOf(page, matching(page, { path: 'pod-to-pod' }));
  const pair = run.verdicts.filter(
    (each) =>
      each.case.path === 'pod-to-pod' &&
      each.case.source.node === 'node-1' &&
      each.case.target.node === 'node-2',
  );
  expect(cells.get(at('node-1', 'node-2'))).toMatchObject({
    mark: MARKS.indexOf('failed'),
    tally: [pair.length, 0, 0, 0, 0],
  });
  expect(cells.get(at('node-2', 'node-3'))?.mark).toBe(MARKS.indexOf('flaky'));
  expect(cells.size).toBe(25);
});

test('what is coloured says the same by sign and by words', () => {
  const cells = cellsOf(page, matching(page, {}));
  const say = (scale: 'verdict' | 'rtt' | 'loss' | 'path MTU', source: string, target: string) => {
    const cell = cells.get(at(source, target));
    const look = cell === undefined ? undefined : scaleOf(scale, cells).look(cell);
    return `${look?.sign} ${look?.words}`;
  };
  expect(say('verdict', 'node-1', 'node-2')).toBe('✕ failed');
  expect(say('rtt', 'node-5', 'node-3')).toBe('3 5 ms and more');
  expect(say('loss', 'node-4', 'node-1')).toBe('2 1 % and more');
  expect(say('path MTU', 'node-2', 'node-4')).toBe('1 1400 bytes');
  expect(say('path MTU', 'node-5', 'node-1')).toBe('0 1450 bytes');
});

test('many Nodes come worst first', () => {
  const cells = cellsOf(page, matching(page, { check: 'udp' }));
  const names = nodesWorstFirst(cells, page.overview.nodes.length).map((node) => page.overview.nodes[node]);
  expect(names[0]).toBe('node-4');
});

test.each([
  ['ArrowRight', false, { row: 1, column: 2 }],
  ['ArrowUp', false, { row: 0, column: 1 }],
  ['PageDown', false, { row: 2, column: 1 }],
  ['Home', false, { row: 1, column: 0 }],
  ['End', true, { row: 2, column: 3 }],
  ['a', false, undefined],
])('%s (ctrl %s) leads within the grid', (key, ctrlKey, to) => {
  expect(moved({ key, ctrlKey }, { row: 1, column: 1 }, { rows: 3, columns: 4 })).toEqual(to);
});

test.each(Object.entries(UGLY).filter(([, name]) => name.isWellFormed()))(
  'a link leads to a Node named %s',
  (_name, name) => {
    expect(routeOf(linkTo('node', {}, name))).toEqual({ view: 'node', name, query: {} });
    expect(routeOf(linkTo('cases', { node: name, q: '' }))).toEqual({
      view: 'cases',
      name: '',
      query: { node: name },
    });
  },
);

test('a link that nobody made is the overview', () => {
  expect(routeOf('#%E0%A4%A')).toMatchObject({ name: '' });
  expect(routeOf('')).toEqual({ view: '', name: '', query: {} });
});
