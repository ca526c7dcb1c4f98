import type { IncomingHttpHeaders } from 'node:http';
import type { RunFile } from './file.ts';

/** What of a file is to be sent. Bytes, both ends included; `end` is below `start` in an empty file. */
export interface Part {
  status: 200 | 206 | 304 | 416;
  start: number;
  end: number;
  headers: Record<string, string>;
}

/** RFC 9110: a copy that is still good is not sent again, and a broken download goes on where it ended. */
export function partOf({ size, etag, modified }: RunFile, asked: IncomingHttpHeaders): Part {
  const headers = { ETag: etag, 'Last-Modified': modified.toUTCString(), 'Accept-Ranges': 'bytes' };
  const nothing = { start: 0, end: -1 };
  if (etagsIn(asked['if-none-match']).some((known) => known === etag || known === '*')) {
    return { status: 304, ...nothing, headers };
  }
  const whole: Part = { status: 200, start: 0, end: size - 1, headers };
  const mayBePart = asked['if-range'] === undefined || asked['if-range'] === etag;
  const range = mayBePart ? rangeIn(asked.range, size) : undefined;
  if (range === undefined) return whole;
  if (range === 'none') {
    return { status: 416, ...nothing, headers: { ...headers, 'Content-Range': `bytes */${size}` } };
  }
  const contentRange = `bytes ${range.start}-${range.end}/${size}`;
  return { status: 206, ...range, headers: { ...headers, 'Content-Range': contentRange } };
}

/** Weak ones are as good: they come back from proxies that packed an answer. */
function etagsIn(header: string | undefined): string[] {
  return (header ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
}

/** One range; of several, or of one that is malformed, the whole file is sent, as the RFC allows. */
function rangeIn(
  header: string | undefined,
  size: number,
): { start: number; end: number } | 'none' | undefined {
  const found = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '');
  if (found === null) return undefined;
  const [, first = '', last = ''] = found;
  if (first === '' && last === '') return undefined;
  if (first === '') {
    // `-500`: the last 500 bytes.
    const length = Math.min(Number(last), size);
    return length === 0 ? 'none' : { start: size - length, end: size - 1 };
  }
  const start = Number(first);
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== '' && Number(last) < start) return undefined;
  return start >= size ? 'none' : { start, end };
}
