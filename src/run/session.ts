import type { RecordOptions } from './record.ts';
import type { RunHeader } from './recording.ts';

/** A run while it is being recorded. */
export interface Session extends RecordOptions {
  header: RunHeader;
  /** Filled as things are made, undone in reverse; each returns what it removed. */
  undo: (() => Promise<string[]>)[];
  /** API requests so far. */
  requests: () => number;
}
