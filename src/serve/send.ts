import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { ALWAYS, type Answer } from './answer.ts';
import type { RunFile } from './file.ts';
import { type Part, partOf } from './part-of-file.ts';

/** Sends the answer and closes its file. A file is streamed: it may be larger than our memory. */
export async function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, text, file }: Answer,
): Promise<void> {
  try {
    const part =
      file === undefined ? undefined : text === undefined ? partOf(file, request.headers) : all(file);
    const length = Buffer.byteLength(text ?? '') + (part === undefined ? 0 : part.end - part.start + 1);
    // A file that is cut while it is sent must not look whole to a client that keeps the connection.
    response.strictContentLength = true;
    response.writeHead(part === undefined || part.status === 200 ? status : part.status, {
      ...ALWAYS,
      ...headers,
      ...part?.headers,
      ...(part?.status === 304 ? {} : { 'Content-Length': length }),
    });
    if (request.method === 'HEAD' || file === undefined || part === undefined || part.end < part.start) {
      response.end(request.method === 'HEAD' ? undefined : text);
      return;
    }
    if (text !== undefined) response.write(text);
    const { start, end } = part;
    await pipeline(file.handle.createReadStream({ start, end, autoClose: false }), response);
  } finally {
    await file?.handle.close();
  }
}

function all({ size }: RunFile): Part {
  return { status: 200, start: 0, end: size - 1, headers: {} };
}
