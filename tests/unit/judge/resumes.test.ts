// A run and its resumes, as they lie on disk: each case is judged by the last of them that ran it.
import { cp, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { healthy, recordInto } from '../../../fixtures/recordings/recorded.ts';
import type { Attempt, Case, Probe } from '../../../src/model.ts';
import { nextResumeFolder, type Resumed } from '../../../src/run/recording.ts';
import { judgeRecorded } from '../../../src/suite/judge.ts';
import { reportAgain } from '../../../src/suite/report-again.ts';

const GENEROUS = { timeout: 120_000 };
const SILENT = ['pod-to-pod/udp/v6 node-1 → node-2', 'node-to-node/tcp/v4 node-2 → node-1'];
const ALL = 4 * 4 * 2 * 2 ** 2;

const except =
  (...silent: string[]) =>
  (probe: Probe): Attempt =>
    silent.includes(probe.case) ? { outcome: 'timed-out' } : healthy(probe);
const among = (ids: string[]) => (entry: Case) => ids.includes(entry.id);

async function broken(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'resumes-'));
  await recordInto(dir, 2, except(...SILENT));
  return dir;
}

async function resumed(dir: string, ids: string[], silent: string[], found: Partial<Resumed> = {}) {
  const resumes = { run: 'recorded', gone: [], replaced: [], ...found };
  await recordInto(await nextResumeFolder(dir), 2, except(...silent), { only: among(ids), resumes });
}

test('a partial repair, then the rest: the whole matrix each time, exit 1 and then 0', GENEROUS, async () => {
  const dir = await broken();
  const [first = '', second = ''] = SILENT;
  await resumed(dir, SILENT, [second]);
  const partly = await judgeRecorded(dir);
  expect(partly.result.exitCode).toBe(1);
  expect(partly.result.verdicts).toHaveLength(ALL);
  expect(
    partly.result.verdicts.filter(({ verdict }) => verdict !== 'passed').map((one) => one.case.id),
  ).toEqual([second]);
  expect(partly.result.resumes).toMatchObject([{ cases: 2, passed: 1 }]);
  await resumed(dir, [second], []);
  const { result, files } = await judgeRecorded(dir);
  expect(result.exitCode).toBe(0);
  expect(result.verdicts).toHaveLength(ALL);
  expect(result.resumes).toMatchObject([
    { cases: 2, passed: 1 },
    { cases: 1, passed: 1 },
  ]);
  const junit = await readFile(files['junit.xml'], 'utf8');
  for (const id of [first, second]) expect(junit).toContain(id.split(' → ')[1]);
});

test('what broke meanwhile is red, though it had passed', GENEROUS, async () => {
  const dir = await broken();
  const witness = 'pod-to-pod/udp/v6 node-2 → node-1';
  await resumed(dir, [...SILENT, witness], [witness]);
  const { result } = await judgeRecorded(dir);
  expect(result.verdicts.filter(({ verdict }) => verdict === 'failed').map((one) => one.case.id)).toEqual([
    witness,
  ]);
});

test(
  'what nobody could ask again is errored, what was replaced is no longer expected',
  GENEROUS,
  async () => {
    const dir = await broken();
    const [first = '', second = ''] = SILENT;
    await resumed(dir, [], [], { gone: [first], replaced: [second] });
    const { result } = await judgeRecorded(dir);
    expect(result.verdicts).toHaveLength(ALL - 1);
    const rest = result.verdicts.filter(({ verdict }) => verdict !== 'passed');
    expect(rest.map((one) => [one.case.id, one.verdict, one.reason])).toEqual([
      [first, 'errored', 'target-gone'],
    ]);
    expect(result.exitCode).toBe(2);
  },
);

test('a resume that was killed has proven nothing: its cases are errored', GENEROUS, async () => {
  const dir = await broken();
  const resumes = { run: 'recorded', gone: [], replaced: [] };
  await recordInto(await nextResumeFolder(dir), 2, () => undefined, { only: among(SILENT), resumes });
  const { result } = await judgeRecorded(dir);
  expect(result.verdicts.filter(({ verdict }) => verdict === 'errored').map((one) => one.case.id)).toEqual(
    [...SILENT].sort(),
  );
  expect(result.exitCode).toBe(2);
});

test('a problem of the run itself is over once a resume has run what it left', GENEROUS, async () => {
  const dir = await mkdtemp(join(tmpdir(), 'resumes-'));
  const problems = [{ code: 'agents-after', message: 'the agents could not be looked at again' }];
  await recordInto(dir, 2, except(...SILENT), { problems });
  expect((await judgeRecorded(dir)).result.problems).toEqual(problems);
  await resumed(dir, SILENT, []);
  const { result } = await judgeRecorded(dir);
  expect([result.problems, result.exitCode]).toEqual([[], 0]);
});

test('reports made again elsewhere are the same, byte for byte', GENEROUS, async () => {
  const dir = await broken();
  await resumed(dir, SILENT, SILENT.slice(1));
  await judgeRecorded(dir);
  const copy = await mkdtemp(join(tmpdir(), 'resumes-'));
  await cp(dir, copy, { recursive: true });
  const out = join(copy, 'again');
  await reportAgain(copy, out);
  const names = await readdir(out);
  expect(names).toContain('junit.xml');
  for (const name of names) {
    expect(await readFile(join(out, name), 'utf8'), name).toBe(await readFile(join(dir, name), 'utf8'));
  }
});

test('two resumes at once get a folder each', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'resumes-'));
  const folders = await Promise.all([1, 2, 3, 4].map(() => nextResumeFolder(dir)));
  expect(new Set(folders)).toHaveProperty('size', 4);
});

test.each([
  ['nothing at all', undefined, 'is not a run of netaccept: there is no run.json in it'],
  ['half a header', '{"schema":1,', 'is not a run of netaccept: run.json: '],
  ['a later schema', '{"schema":7}', 'has schema 7, and this netaccept knows 1: a newer one wrote it'],
  ['something else', 'null', 'run.json has no schema'],
])('a folder with %s is refused', async (_, text, message) => {
  const dir = await mkdtemp(join(tmpdir(), 'resumes-'));
  if (text !== undefined) await writeFile(join(dir, 'run.json'), text);
  await expect(reportAgain(dir, dir)).rejects.toThrow(message);
});
