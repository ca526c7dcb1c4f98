import { mkdtemp, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import type { RunResult } from '../../../src/model.ts';
import { type Listing, listingOf } from '../../../src/serve/runs.ts';
import { writeOutcome } from '../../../src/suite/reports.ts';
import { caseOf, failed, passed, result } from '../report/results.ts';
import { OLD, startOf, writeUnfinished } from './serving.ts';

const HOUR = 3600;
const START = Math.floor(Date.now() / 1000);
const green = result({ run: OLD, started: startOf(OLD), verdicts: [passed(caseOf('a', 'b'))], exitCode: 0 });
const red = { ...green, verdicts: [failed(caseOf('a', 'b'))], exitCode: 1 } satisfies RunResult;
let dir: string;
let runs: Listing;

beforeEach(async () => {
  const results = await mkdtemp(join(tmpdir(), 'serve-runs-'));
  dir = join(results, OLD);
  runs = listingOf(results);
});

test('a folder that has not changed for long is not read again', async () => {
  await write(green, -HOUR);
  expect(await exitCodes()).toEqual([0]);
  await write(red, -HOUR);
  expect(await exitCodes()).toEqual([0]);
});

test('one that has changed is', async () => {
  await write(green, -HOUR);
  expect(await exitCodes()).toEqual([0]);
  await write(red, -HOUR / 2);
  expect(await exitCodes()).toEqual([1]);
});

test('so is one whose last change is so young that another one may have the same time', async () => {
  await write(green, HOUR);
  expect(await exitCodes()).toEqual([0]);
  await write(red, HOUR);
  expect(await exitCodes()).toEqual([1]);
});

/** The folder says that it changed so many seconds from now, to the second. */
async function write(run: RunResult, seconds: number): Promise<void> {
  await writeOutcome(dir, run, await writeUnfinished(dir, run));
  const time = START + seconds;
  await utimes(dir, time, time);
}

async function exitCodes(): Promise<(number | undefined)[]> {
  return (await runs()).map(({ outcome }) => outcome?.exitCode);
}
