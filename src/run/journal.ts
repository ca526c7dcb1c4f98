import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import type { JournalEntry } from '../model.ts';
import { entryOf, lineOf } from './journal-entry.ts';
import { linesOf } from './long-lines.ts';

export interface Journal {
  append(entry: JournalEntry): void;
  /** Resolves when everything appended is with the kernel; rejects with the first write error. */
  close(): Promise<void>;
}

/** Append-only, one JSON value a line, written as observations arrive, each with the id of the run that saw it. */
export async function openJournal(path: string, run: string): Promise<Journal> {
  const stream = createWriteStream(path, { flags: 'a' });
  let failure: Error | undefined;
  stream.on('error', (error) => {
    failure = error;
  });
  await once(stream, 'open');
  return {
    append(entry) {
      if (failure === undefined) stream.write(lineOf(run, entry));
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

/** The agents of thousands of Nodes are one line. */
const MAX_LINE_BYTES = 64 * 1024 * 1024;

/** Every whole entry of this run. A torn last line, as a killed writer leaves it, is not one; nor is a foreign line. */
export async function readJournal(path: string, run: string): Promise<JournalEntry[]> {
  const entries: JournalEntry[] = [];
  try {
    for await (const line of linesOf(createReadStream(path), MAX_LINE_BYTES)) {
      const entry = entryOf(run, line);
      if (entry !== undefined) entries.push(entry);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return entries;
}
