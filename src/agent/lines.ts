import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import type { AgentLine } from '../wire.ts';

/** 4 000 probes are about 1 MiB. */
const MAX_LINE_BYTES = 256 * 1024 * 1024;

/**
 * The lines of `input`, one at a time: an exec's stdin stays open, so nobody may wait for its end. After the
 * end every further line is empty.
 */
export function lineReader(input: Readable): () => Promise<string> {
  const lines: string[] = [];
  const waiting: ((line: string) => void)[] = [];
  let chunks: Buffer[] = [];
  let size = 0;
  let ended = false;
  const hand = (line: string) => {
    const reader = waiting.shift();
    if (reader === undefined) lines.push(line);
    else reader(line);
  };
  const flush = () => {
    hand(Buffer.concat(chunks).toString('utf8'));
    chunks = [];
    size = 0;
  };
  input.on('data', (chunk: Buffer) => {
    let rest = chunk;
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      chunks.push(rest.subarray(0, end));
      flush();
      rest = rest.subarray(end + 1);
    }
    chunks.push(rest);
    size += rest.length;
    if (size > MAX_LINE_BYTES) flush();
  });
  const finish = () => {
    if (ended) return;
    ended = true;
    if (size > 0) flush();
    for (const reader of waiting.splice(0)) reader('');
  };
  input.once('end', finish);
  input.once('close', finish);
  input.once('error', finish);
  return () => {
    const line = lines.shift();
    if (line !== undefined || ended) return Promise.resolve(line ?? '');
    return new Promise((resolve) => waiting.push(resolve));
  };
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
