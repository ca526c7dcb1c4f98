import { lstat, mkdir, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { recordInto } from '../../../fixtures/recordings/recorded.ts';
import { nextResumeFolder } from '../../../src/run/recording.ts';
import { judgeRecorded } from '../../../src/suite/judge.ts';
import { pruneRuns } from '../../../src/suite/retention.ts';
import { day, resultsFolder, writeRun } from './runs.ts';

const NOW = Date.parse(day(30));

async function runs(...ranks: number[]): Promise<string> {
  const results = await resultsFolder();
  for (const rank of ranks) await writeRun(results, `run-${rank}`, { started: day(rank) });
  return results;
}

const left = async (results: string) => (await readdir(results)).sort();

test('the newest stay, the others go, and each is told', async () => {
  const results = await runs(1, 2, 3, 4);
  const told = await pruneRuns(join(results, 'run-4'), 2, NOW);
  expect(await left(results)).toEqual(['run-3', 'run-4']);
  expect(told.toSorted()).toEqual(
    ['run-1', 'run-2'].map((name) => `removed: ${join(results, name)}, older than the newest 2`),
  );
  expect(await pruneRuns(join(results, 'run-4'), 2, NOW)).toEqual([]);
});

test('the run just made stays, even where its clock was behind', async () => {
  const results = await runs(1, 2, 3);
  await pruneRuns(join(results, 'run-1'), 1, NOW);
  expect(await left(results)).toEqual(['run-1']);
});

test('every file that the judge leaves may go with its run', { timeout: 120_000 }, async () => {
  const results = await runs(1, 2);
  await judgeRecorded(join(results, 'run-1'));
  await writeFile(join(results, 'run-1', 'junit.xml.4711.tmp'), 'the draft of one that was killed');
  expect(await pruneRuns(join(results, 'run-2'), 1, NOW)).toHaveLength(1);
  expect(await left(results)).toEqual(['run-2']);
});

test('what is not a run of ours stays: files, folders, links and what they lead to', async () => {
  const results = await runs(1, 2);
  const elsewhere = await runs(1);
  await writeFile(join(results, 'notes.txt'), 'mine');
  await mkdir(join(results, 'photos'));
  await mkdir(join(results, 'other-tool'));
  await writeFile(join(results, 'other-tool', 'run.json'), '{"schema":1}');
  await mkdir(join(results, 'broken'));
  await writeFile(join(results, 'broken', 'run.json'), '{"sche');
  await mkdir(join(results, 'newer'));
  await writeFile(
    join(results, 'newer', 'run.json'),
    JSON.stringify({ schema: 2, run: 'x', started: day(1) }),
  );
  await symlink(join(elsewhere, 'run-1'), join(results, 'link'));
  await mkdir(join(results, 'linked-header'));
  await symlink(join(elsewhere, 'run-1', 'run.json'), join(results, 'linked-header', 'run.json'));
  await writeFile(join(results, 'linked-header', 'outcome.jsonl'), '');
  const before = await left(results);
  expect(await pruneRuns(join(results, 'run-2'), 1, NOW)).toHaveLength(1);
  expect(await left(results)).toEqual(before.filter((name) => name !== 'run-1'));
  expect(await readdir(join(elsewhere, 'run-1'))).toContain('run.json');
});

test('a run folder with something else in it stays whole, and that is told', async () => {
  const results = await runs(1, 2, 3);
  const files = await left(join(results, 'run-1'));
  await writeFile(join(results, 'run-1', 'why\u001b[31m.txt'), 'the switch was broken');
  await symlink('/etc', join(results, 'run-2', 'junit.xml.1.tmp'));
  const told = await pruneRuns(join(results, 'run-3'), 1, NOW);
  expect(await left(join(results, 'run-1'))).toEqual([...files, 'why\u001b[31m.txt'].sort());
  expect(await left(join(results, 'run-2'))).toContain('run.json');
  expect(told.toSorted()).toEqual([
    `not removed: ${join(results, 'run-1')}, older than the newest 1; it holds what is not netaccept's: why\\x1b[31m.txt`,
    `not removed: ${join(results, 'run-2')}, older than the newest 1; it holds what is not netaccept's: junit.xml.1.tmp`,
  ]);
});

test('a run goes with its resumes, unless somebody left something among them', async () => {
  const results = await runs(1, 2, 3);
  for (const name of ['run-1', 'run-2']) {
    for (let count = 0; count < 2; count++) {
      await recordInto(await nextResumeFolder(join(results, name)), 2);
    }
  }
  await writeFile(join(results, 'run-2', 'resumes', '1', 'note.txt'), 'mine');
  const told = await pruneRuns(join(results, 'run-3'), 1, NOW);
  expect(await left(results)).toEqual(['run-2', 'run-3']);
  expect(told.join('\n')).toContain("holds what is not netaccept's: resumes/1/note.txt");
  expect(await left(join(results, 'run-2', 'resumes'))).toEqual(['1', '2']);
});

test('a run that somebody is still recording or judging stays; dead for more than a week, it goes', async () => {
  const results = await runs(1, 2, 3);
  const busy = join(results, 'run-1');
  await rm(join(busy, 'outcome.jsonl'));
  const writtenMs = (await lstat(join(busy, 'journal.jsonl'))).mtimeMs;
  const touch = async (ms: number) => {
    for (const name of await readdir(busy)) await utimes(join(busy, name), ms / 1000, ms / 1000);
  };
  await touch(writtenMs);
  await pruneRuns(join(results, 'run-3'), 1, writtenMs + 6 * 86_400_000);
  expect(await left(results)).toEqual(['run-1', 'run-3']);
  await pruneRuns(join(results, 'run-3'), 1, writtenMs + 8 * 86_400_000);
  expect(await left(results)).toEqual(['run-3']);
});
