import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { JournalEntry } from '../model.ts';

export interface Journal {
  append(entry: JournalEntry): void;
  /** Resolves when everything appended is with the kernel; rejects with the first write error. */
  close(): Promise<void>;
}

/** Append-only, one JSON value a line, written as observations arrive. */
export async function openJournal(path: string): Promise<Journal> {
  const stream = createWriteStream(path, { flags: 'a' });
  let failure: Error | undefined;
  stream.on('error', (error) => {
    failure = error;
  });
  await once(stream, 'open');
  return {
    append(entry) {
      if (failure === undefined) stream.write(`${JSON.stringify(entry)}\n`);
    },
    async close() {
      if (failure === undefined) {
        stream.end();
        await once(stream, 'close');
      }
      if (failure !== undefined) throw failure;
    },
  };
}

/** Every whole entry. A torn last line, as a killed writer leaves it, is not one; nor is a foreign line. */
export async function readJournal(path: string): Promise<JournalEntry[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return text.split('\n').flatMap(parseEntry);
}

function parseEntry(line: string): JournalEntry[] {
  if (line === '') return [];
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && 'type' in value ? [value as JournalEntry] : [];
  } catch {
    return [];
  }
}
