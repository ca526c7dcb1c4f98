import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import type { AgentLine } from '../wire.ts';

/** 4 000 probes are about 1 MiB. */
const MAX_LINE_BYTES = 256 * 1024 * 1024;

/** The first line of `input`, without waiting for its end: an exec's stdin stays open. What follows is dropped. */
export function firstLine(input: Readable): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const finish = () => {
      input.off('data', collect);
      input.resume();
      resolve(Buffer.concat(chunks).toString('utf8'));
    };
    const collect = (chunk: Buffer) => {
      const end = chunk.indexOf('\n');
      chunks.push(end < 0 ? chunk : chunk.subarray(0, end));
      size += chunk.length;
      if (end >= 0 || size > MAX_LINE_BYTES) finish();
    };
    input.on('data', collect);
    input.once('end', finish);
    input.once('error', reject);
  });
}

/** Writes one line, and waits while the reader is slower than the probes. Rejects when the reader is gone. */
export function lineWriter(output: Writable): (line: AgentLine) => Promise<void> {
  let broken: Error | undefined;
  let draining: Promise<unknown> | undefined;
  output.on('error', (error) => {
    broken = error;
  });
  return async (line) => {
    if (broken) throw broken;
    if (!output.write(`${JSON.stringify(line)}\n`)) {
      draining ??= once(output, 'drain').finally(() => {
        draining = undefined;
      });
    }
    await draining;
  };
}
