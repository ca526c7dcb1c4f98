import { appendFile, cp, mkdir, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BROKEN, day, judge, madeAnew, resultsFolder, writeRun } from './runs.ts';

test('green, red, green: each run says what became of it since the one before', async () => {
  const results = await resultsFolder();
  const first = await writeRun(results, 'a', { started: day(1) });
  expect(first.result.comparison).toBeUndefined();
  const second = await writeRun(results, 'b', { started: day(2), red: true });
  expect(second.result.comparison).toMatchObject({
    against: { run: 'a', started: day(1), exitCode: 0 },
    newlyBroken: [BROKEN],
    fixed: [],
  });
  const third = await writeRun(results, 'c', { started: day(3) });
  expect(third.result.comparison).toMatchObject({
    against: { run: 'b', exitCode: 1 },
    newlyBroken: [],
    stillBroken: [],
    fixed: [BROKEN],
  });
});

test('judged again elsewhere, without its neighbours, a run gives the same files', async () => {
  const results = await resultsFolder();
  await writeRun(results, 'a', { started: day(1), red: true });
  const { dir, result } = await writeRun(results, 'b', { started: day(2) });
  const away = join(await resultsFolder(), 'copy');
  await cp(dir, away, { recursive: true });
  const again = await judge(away);
  expect(again.result.comparison?.fixed).toEqual([BROKEN]);
  expect(again.result).toEqual(result);
  for (const name of await readdir(dir)) {
    expect(await readFile(join(away, name)), name).toEqual(await readFile(join(dir, name)));
  }
});

test('the newest earlier one counts, whatever the folders are called', async () => {
  const results = await resultsFolder();
  await writeRun(results, 'z-oldest', { started: day(1), red: true });
  await writeRun(results, 'a-newer', { started: day(2) });
  await writeRun(results, 'm-later', { started: day(9) });
  await symlink(join(results, 'z-oldest'), join(results, 'latest'));
  const { result } = await writeRun(results, 'this', { started: day(3) });
  expect(result.comparison?.against.run).toBe('a-newer');
});

test('a cluster of the same name is another one if it shares no Node', async () => {
  const results = await resultsFolder();
  await writeRun(results, 'theirs', { started: day(1), topology: madeAnew() });
  const { result } = await writeRun(results, 'ours', { started: day(2) });
  expect(result.comparison).toBeUndefined();
});

describe('not compared with, and told, but for an older one', () => {
  const outcome = (results: string) => join(results, 'bad', 'outcome.jsonl');
  const spoilt: Record<string, [(path: string) => Promise<void>, RegExp]> = {
    'cut off in the middle of a line': [
      async (path) => truncate(path, (await readFile(path)).length - 20),
      /cut off/,
    ],
    'cut off between two lines': [
      async (path) =>
        writeFile(path, `${(await readFile(path, 'utf8')).split('\n').slice(0, -2).join('\n')}\n`),
      /it has 127 of its 128 cases/,
    ],
    'with a foreign line': [(path) => appendFile(path, '{"id":5}\n'), /not a case/],
    'that is no JSON': [(path) => writeFile(path, 'oops\n'), /not that of an outcome/],
    'that is empty': [(path) => writeFile(path, ''), /it is empty/],
    'of a newer netaccept': [
      async (path) => writeFile(path, (await readFile(path, 'utf8')).replace('"schema":1', '"schema":2')),
      /schema 2, and this netaccept knows 1/,
    ],
    'that is a folder': [
      async (path) => {
        await rm(path);
        await mkdir(path);
      },
      /EISDIR/,
    ],
  };
  test.each(Object.entries(spoilt))('an outcome %s', async (_, [spoil, why]) => {
    const results = await resultsFolder();
    await writeRun(results, 'good', { started: day(1), red: true });
    await writeRun(results, 'bad', { started: day(2) });
    await spoil(outcome(results));
    const told: string[] = [];
    const { result, dir } = await writeRun(results, 'this', { started: day(3) }, told);
    expect(result.comparison).toMatchObject({ against: { run: 'good' }, fixed: [BROKEN] });
    expect(told).toEqual([expect.stringMatching(/^not compared with bad: outcome\.jsonl: /)]);
    expect(told[0]).toMatch(why);
    expect((await readdir(dir)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  test('a run that was interrupted', async () => {
    const results = await resultsFolder();
    const problems = [{ code: 'interrupted', message: 'interrupted by SIGTERM' }];
    await writeRun(results, 'good', { started: day(1) });
    await writeRun(results, 'bad', { started: day(2), problems });
    const told: string[] = [];
    const { result } = await writeRun(results, 'this', { started: day(3) }, told);
    expect(result.comparison?.against.run).toBe('good');
    expect(told).toEqual(['not compared with bad: it was interrupted']);
  });
});

test('a run that could not be set up is nobody’s baseline, and has none', async () => {
  const results = await resultsFolder();
  await writeRun(results, 'good', { started: day(1) });
  const problems = [{ code: 'setup', message: 'no cluster' }];
  const nothing = { topology: undefined, settings: undefined } as object;
  const { result: failed } = await writeRun(results, 'failed', { started: day(2), problems, ...nothing });
  expect([failed.exitCode, failed.comparison]).toEqual([3, undefined]);
  const { result } = await writeRun(results, 'this', { started: day(3) });
  expect(result.comparison?.against.run).toBe('good');
});

test('neighbours that are no runs are no trouble', async () => {
  const results = await resultsFolder();
  await mkdir(join(results, 'holiday photos'));
  await writeFile(join(results, 'notes.txt'), 'mine');
  const told: string[] = [];
  const { result } = await writeRun(results, 'this', {}, told);
  expect([result.comparison, told]).toEqual([undefined, []]);
});

test('a damaged copy costs the comparison, not the report', async () => {
  const results = await resultsFolder();
  await writeRun(results, 'a', { started: day(1) });
  const { dir } = await writeRun(results, 'b', { started: day(2) });
  await writeFile(join(dir, 'previous.jsonl'), 'oops\n');
  const { result } = await judge(dir);
  expect([result.exitCode, result.comparison]).toEqual([0, undefined]);
});
