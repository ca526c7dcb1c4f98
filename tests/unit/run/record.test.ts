import { mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { recordInto } from '../../../fixtures/recordings/recorded.ts';
import { settings } from '../../../fixtures/topologies/dual-stack.ts';
import { recordRun } from '../../../src/run/record.ts';
import { readRecording } from '../../../src/run/recording.ts';
import { REPORT_NAMES } from '../../../src/run/report-names.ts';

async function recordNowhere(dir: string): Promise<void> {
  const chosen = settings((draft) => {
    draft.kubeconfig = join(dir, 'no-such-kubeconfig');
  });
  const signal = new AbortController().signal;
  const recorded = await recordRun({ settings: chosen, dir, run: 'new', tool: '0', signal, tell: () => {} });
  expect(await recorded.close()).toEqual([]);
}

test('a set-up that fails is recorded, not thrown', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'record-'));
  await recordNowhere(dir);
  const { header, cases, journal } = await readRecording(dir);
  expect(header.problems.map((problem) => problem.message)).toEqual([
    expect.stringContaining('no-such-kubeconfig'),
  ]);
  expect([cases, journal]).toEqual([[], []]);
});

test('an older run in the same folder is never taken for this one: neither what it saw nor its reports', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'record-'));
  await recordInto(dir, 2);
  for (const report of [...REPORT_NAMES, 'junit-2.xml', 'previous.jsonl', 'outcome.jsonl'])
    await writeFile(join(dir, report), 'green');
  await writeFile(join(dir, 'notes.txt'), "the user's own");
  await recordNowhere(dir);
  expect((await readdir(dir)).sort()).toEqual(['notes.txt', 'run.json']);
  expect((await readRecording(dir)).header.run).toBe('new');
});
