import { appendFile, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { JournalEntry } from '../../../src/model.ts';
import { openJournal, readJournal } from '../../../src/run/journal.ts';

const entry: JournalEntry = {
  type: 'observation',
  observation: { case: 'ä → ö', attempts: [{ outcome: 'reached' }] },
};
const line = JSON.stringify({ run: 'r', ...entry });
const path = async () => join(await mkdtemp(join(tmpdir(), 'journal-')), 'journal.jsonl');

test('what was appended comes back, over two openings', async () => {
  const file = await path();
  for (let round = 0; round < 2; round++) {
    const journal = await openJournal(file, 'r');
    journal.append(entry);
    await journal.close();
  }
  expect(await readJournal(file, 'r')).toEqual([entry, entry]);
});

test('a torn last line, garbage and blank lines are no entries', async () => {
  const file = await path();
  await writeFile(file, `${line}\n\nnot json\n42\nnull\n{"no":"type"}\n`);
  await appendFile(file, line.slice(0, -5));
  expect(await readJournal(file, 'r')).toEqual([entry]);
});

test('no journal is an empty one', async () => {
  expect(await readJournal(await path(), 'r')).toEqual([]);
});

test('a journal that cannot be written says so at close, or at open', async () => {
  await expect(openJournal('/nonexistent/journal.jsonl', 'r')).rejects.toThrow('ENOENT');
  const full = await openJournal('/dev/full', 'r');
  full.append(entry);
  await expect(full.close()).rejects.toThrow('ENOSPC');
});
