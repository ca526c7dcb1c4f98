import { CHANGES, MARKS, NONE } from '../format.ts';
import type { Run } from './run.ts';

/** What a list of cases is narrowed to: the keys of a link's query, each absent where it does not matter. */
export const FILTER_KEYS = [
  ...['verdict', 'path', 'check', 'family', 'node', 'from', 'to', 'target'],
  ...['finding', 'change', 'rule', 'reason', 'q'],
] as const;

export type Filter = Record<string, string | undefined>;

/** Failed or errored. */
export const NOT_PASSED = 'not-passed';
/** In place of a finding's id: failed or errored, and in none. */
export const UNEXPLAINED = 'none';

/** The rows of the cases that a filter leaves, worst first. A name that is not in the run leaves none. */
export function matching(run: Run, filter: Filter): Uint32Array {
  const tests = testsOf(run, filter);
  const found = new Uint32Array(run.overview.cases);
  let count = 0;
  for (let row = 0; row < found.length; row += 1) {
    if (tests.every((test) => test(row))) {
      found[count] = row;
      count += 1;
    }
  }
  return found.subarray(0, count);
}

type Test = (row: number) => boolean;

function testsOf(run: Run, filter: Filter): Test[] {
  const { rows, overview } = run;
  const { groups, nodes, targets, reasons, rules, findings } = overview;
  const tests: Test[] = [];
  const column = (numbers: Int32Array, allowed: readonly boolean[]) =>
    tests.push((row) => allowed[numbers[row] ?? NONE] === true);

  for (const key of ['path', 'check', 'family'] as const) {
    const wanted = filter[key];
    if (wanted !== undefined)
      column(
        rows.group,
        groups.map((group) => group[key] === wanted),
      );
  }
  const { verdict, finding, change, node, from, to } = filter;
  if (verdict === NOT_PASSED)
    column(
      rows.mark,
      MARKS.map((mark) => mark === 'failed' || mark === 'errored'),
    );
  else if (verdict !== undefined)
    column(
      rows.mark,
      MARKS.map((mark) => mark === verdict),
    );
  if (finding === UNEXPLAINED) tests.push((row) => rows.finding[row] === NONE && (rows.mark[row] ?? 0) < 2);
  else if (finding !== undefined)
    column(
      rows.finding,
      findings.map(({ id }) => id === finding),
    );
  if (change !== undefined)
    column(
      rows.change,
      CHANGES.map((each) => each === change),
    );

  const source = (name: string) => nodes.map((each) => each === name);
  const target = (name: string) =>
    targets.map((each) => each.node !== undefined && nodes[each.node] === name);
  if (from !== undefined) column(rows.source, source(from));
  if (to !== undefined) column(rows.target, target(to));
  if (node !== undefined) {
    const [starts, ends] = [source(node), target(node)];
    tests.push((row) => starts[rows.source[row] ?? NONE] === true || ends[rows.target[row] ?? NONE] === true);
  }
  if (filter.target !== undefined)
    column(
      rows.target,
      targets.map(({ name }) => name === filter.target),
    );
  if (filter.rule !== undefined)
    column(
      rows.rule,
      rules.map((rule) => rule === filter.rule),
    );
  if (filter.reason !== undefined)
    column(
      rows.reason,
      reasons.map((reason) => reason === filter.reason),
    );
  return [...tests, ...searchTests(run, (filter.q ?? '').toLowerCase())];
}

/** Every word, wherever it stands. Around an arrow, as in a pasted id, each side is looked for at its own end. */
function searchTests(run: Run, text: string): Test[] {
  const [before = '', after = ''] = text.split(/→(.*)/s);
  const isPair = text.includes('→');
  const words = before.split(/\s+/).filter((word) => word !== '');
  const tests = words.map((word) => wordTest(run, word, isPair ? 'start' : 'anywhere'));
  return after.trim() === '' ? tests : [...tests, wordTest(run, after.trim(), 'target')];
}

/** Looked up in the names once, not in every case's text. */
function wordTest({ rows, overview, ids }: Run, word: string, where: 'anywhere' | 'start' | 'target'): Test {
  const has = (text: string) => text.toLowerCase().includes(word);
  const never = () => false;
  const [start, end, other] = [where !== 'target', where !== 'start', where === 'anywhere'];
  const inGroup = overview.groups.map(
    start ? ({ path, check, family }) => has(`${path}/${check}/${family}`) : never,
  );
  const inNode = overview.nodes.map(start ? has : never);
  const inTarget = overview.targets.map(end ? ({ name }) => has(name) : never);
  const inReason = overview.reasons.map(other ? has : never);
  return (row) =>
    inNode[rows.source[row] ?? NONE] === true ||
    inTarget[rows.target[row] ?? NONE] === true ||
    inGroup[rows.group[row] ?? NONE] === true ||
    inReason[rows.reason[row] ?? NONE] === true ||
    has(ids.get(row) ?? '');
}
