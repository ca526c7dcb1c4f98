import { inject } from 'vitest';
import { type Docket, docketOf } from '../../src/judge/docket.ts';
import type {} from '../../src/judge/meta.ts';
import { readRecordedRun } from '../../src/run/recording.ts';

// Read once per worker, not once per shard: with isolation off this module is shared by them all.
const read = readRecordedRun(inject('netacceptRun')).then(docketOf);

export function docket(): Promise<Docket> {
  return read;
}
