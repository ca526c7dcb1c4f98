import { inject } from 'vitest';
import type {} from '../../src/judge/meta.ts';
import { type Docket, docketOf } from '../../src/judge/verdict-of-run.ts';
import { readRecording } from '../../src/run/recording.ts';

// Read once per worker, not once per shard: with isolation off this module is shared by them all.
const read = readRecording(inject('netacceptRun')).then(docketOf);

export function docket(): Promise<Docket> {
  return read;
}
