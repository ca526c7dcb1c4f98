// The command as a user runs it: a process over folders on disk, judged by its exit code and what it says.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import stringWidth from 'string-width';
import { beforeAll, describe, expect, test } from 'vitest';
import { SetupError } from '../../../src/errors.ts';
import type { Comparison } from '../../../src/model.ts';
import { diffText } from '../../../src/report/diff.ts';
import { diffRuns } from '../../../src/suite/diff.ts';
import { UGLY } from '../report/results.ts';
import { BROKEN, day, madeAnew, resultsFolder, writeRun } from './runs.ts';

const MAIN = new URL('../../../src/cli/main.ts', import.meta.url).pathname;
let results = '';

const at = (name: string) => join(results, name);

/** What stands in the way of comparing two of the folders. */
async function mistakes(before: string, after: string): Promise<string[]> {
  const error: unknown = await diffRuns(at(before), at(after), false).catch((thrown: unknown) => thrown);
  return error instanceof SetupError ? error.problems.map(({ message }) => message) : [];
}

async function diff(...args: string[]) {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [MAIN, 'diff', ...args], {
    cwd: results,
    reject: false,
  });
  return { exitCode, stdout, stderr };
}

beforeAll(async () => {
  results = await resultsFolder();
  await writeRun(results, 'green', { started: day(1) });
  await writeRun(results, 'red', { started: day(2), red: true });
  await writeRun(results, 'anew', { started: day(3), topology: madeAnew() });
});

describe('netaccept diff', { timeout: 60_000 }, () => {
  test('something newly broken: named, exit 1', async () => {
    const { exitCode, stdout } = await diff('green', 'red');
    expect(exitCode).toBe(1);
    expect(stdout).toContain(`1 newly broken\n\n1 case newly broken\n  F ${BROKEN}`);
  });

  test('fixed: named, exit 0; the direction is the one given, and told where it goes back in time', async () => {
    const { exitCode, stdout } = await diff('red', 'green');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('note: red is the later run');
    expect(stdout).toContain(`nothing is newly broken, 1 fixed\n\n1 case fixed\n  + ${BROKEN}`);
  });

  test('as JSON', async () => {
    const { exitCode, stdout } = await diff('--json', 'green', 'red');
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 1,
      exitCode: 1,
      before: { run: 'green', exitCode: 0, cluster: 'c' },
      after: { run: 'red', exitCode: 1 },
      notes: [],
      comparison: { newlyBroken: [BROKEN], gone: [] },
    });
  });

  test('two clusters: refused, unless forced', async () => {
    const strangers = `${at('green')} is of cluster "c", ${at('anew')} of "c", and they have no Node in common (by UID)`;
    expect(await mistakes('green', 'anew')).toEqual([strangers]);
    const forced = await diffRuns(at('green'), at('anew'), true);
    expect([forced.exitCode, forced.notes]).toEqual([0, [strangers]]);
  });

  test('what is wrong with either folder is said at once, exit 3', async () => {
    await writeRun(results, 'newer', {});
    const path = join(results, 'newer', 'run.json');
    await writeFile(path, (await readFile(path, 'utf8')).replace('"schema": 1', '"schema": 7'));
    const { exitCode, stdout, stderr } = await diff('nowhere\u001b[31m', 'newer');
    expect([exitCode, stdout]).toEqual([3, '']);
    expect(stderr).toContain('nowhere\\x1b[31m is not a run of netaccept: there is no run.json in it');
    expect(stderr).toContain(
      'newer: run.json has schema 7, and this netaccept knows 1: a newer one wrote it',
    );
  });

  test('a run that was never judged, and one that could not be set up', async () => {
    const { dir } = await writeRun(results, 'unjudged', {});
    await rm(join(dir, 'outcome.jsonl'));
    const nothing = { topology: undefined, settings: undefined } as object;
    await writeRun(results, 'failed', { problems: [{ code: 'setup', message: 'x' }], ...nothing });
    expect(await mistakes('unjudged', 'failed')).toEqual([
      `${dir}: the run was never judged to its end: outcome.jsonl is missing`,
      `${at('failed')}: the run has no verdicts, because it could not be set up`,
    ]);
  });
});

describe('the text', () => {
  const names = Object.values(UGLY);
  const many = Array.from({ length: 60 }, (_, rank) => `case ${rank}`);
  const comparison: Comparison = {
    against: { run: 'x', started: day(1), exitCode: 0 },
    newlyBroken: [...names, ...many],
    fixed: many,
    stillBroken: names,
    newlyFlaky: names,
    slower: names.map((id) => ({ id, beforeMs: 0.4, afterMs: 30 })),
    allSlower: { beforeMs: 0.4, afterMs: 3, ways: 96 },
    added: names,
    gone: names,
    otherSelection: { onlyNow: 3, onlyNowBroken: 1, onlyThen: 9 },
  };
  const run = { run: UGLY.lines, started: day(1), exitCode: 0, cluster: UGLY.rightToLeft };
  const text = diffText(
    { exitCode: 1, before: run, after: run, notes: ['n'.repeat(300)], comparison },
    { colour: false, width: 80 },
  );

  test('keeps to 80 columns and to printable characters, whatever the names are', () => {
    for (const line of text.split('\n')) expect(stringWidth(line), line).toBeLessThanOrEqual(80);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: this is what must not be there.
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/);
  });

  test('lists so many and counts the rest', () => {
    expect(text).toContain('68 cases newly broken');
    expect(text).toContain('  … and 18 more cases');
    expect(text).toContain('  … and 50 more cases');
  });

  test('says what is not in the lists', () => {
    expect(text).toContain('everything is slower: median rtt 0.4 → 3.0 ms over 96 ways');
    expect(text.replaceAll(/\s+/g, ' ')).toContain(
      '3 cases only in the second (1 of them broken, nobody knows since when), 9 only in the first.',
    );
  });
});
