import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import type { AgentLine } from '../wire.ts';

/** A batch towards 1 300 Nodes. While a line is read it takes ten times its length, and the pod's memory is limited. */
const MAX_LINE_BYTES = 8 * 1024 * 1024;

/**
 * The lines of `input`, one at a time: an exec's stdin stays open, so nobody may wait for its end. After the
 * end every further line is empty; after a line that is too long there is none, but an error.
 */
export function lineReader(input: Readable, maxBytes = MAX_LINE_BYTES): () => Promise<string> {
  const lines: string[] = [];
  const waiting: PromiseWithResolvers<string>[] = [];
  let chunks: Buffer[] = [];
  let size = 0;
  let ended = false;
  let tooLong: Error | undefined;
  const flush = () => {
    const line = Buffer.concat(chunks).toString('utf8');
    chunks = [];
    size = 0;
    const reader = waiting.shift();
    if (reader === undefined) lines.push(line);
    else reader.resolve(line);
  };
  const add = (part: Buffer) => {
    chunks.push(part);
    size += part.length;
    return size <= maxBytes;
  };
  const giveUp = () => {
    chunks = [];
    tooLong = new Error(`a line of more than ${maxBytes} bytes came`);
    for (const reader of waiting.splice(0)) reader.reject(tooLong);
  };
  input.on('data', (chunk: Buffer) => {
    if (tooLong !== undefined) return;
    let rest = chunk;
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      if (!add(rest.subarray(0, end))) return giveUp();
      flush();
      rest = rest.subarray(end + 1);
    }
    if (!add(rest)) giveUp();
  });
  const finish = () => {
    if (ended) return;
    ended = true;
    if (size > 0 && tooLong === undefined) flush();
    for (const reader of waiting.splice(0)) reader.resolve('');
  };
  input.once('end', finish);
  input.once('close', finish);
  input.once('error', finish);
  return () => {
    const line = lines.shift();
    if (line !== undefined) return Promise.resolve(line);
    if (tooLong !== undefined) return Promise.reject(tooLong);
    if (ended) return Promise.resolve('');
    const reader = Promise.withResolvers<string>();
    waiting.push(reader);
    return reader.promise;
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
