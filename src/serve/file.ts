import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { MEDIA_TYPES } from '../run/report-names.ts';
import { PLAIN } from './answer.ts';

/** A file that was opened for an answer; who sends the answer closes it. */
export interface RunFile {
  handle: FileHandle;
  size: number;
  etag: string;
  modified: Date;
}

/**
 * `folder` and `name` come from a listing, never from a request. A link that took the file's place since is not
 * followed, and a pipe is not waited for. Undefined where the file is gone.
 */
export async function openFile(folder: string, name: string): Promise<RunFile | undefined> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const handle = await open(join(folder, name), flags).catch((error: NodeJS.ErrnoException) => {
    if (['ENOENT', 'ELOOP', 'ENOTDIR'].includes(error.code ?? '')) return undefined;
    throw error;
  });
  if (handle === undefined) return undefined;
  const stats = await handle.stat();
  if (!stats.isFile()) {
    await handle.close();
    return undefined;
  }
  const { size, ino, mtime, mtimeMs } = stats;
  // A new file takes the old one's place by a rename: these three change with what is in it.
  const etag = `"${ino.toString(36)}-${size.toString(36)}-${Math.round(mtimeMs * 1000).toString(36)}"`;
  return { handle, size, etag, modified: mtime };
}

/**
 * The HTML report brings its own policy, which names its only program by hash. This one lets it in and adds what a
 * page cannot say of itself; both hold.
 */
const REPORT_POLICY = [
  "default-src 'none'",
  "script-src 'unsafe-inline'",
  "style-src 'unsafe-inline'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Of a report by its name. What a browser would not just show as text or as the report, it saves. */
export function headersOf(name: string): Record<string, string> {
  const end = name.slice(name.lastIndexOf('.') + 1);
  const type = MEDIA_TYPES[end];
  return {
    'Content-Type': type ?? PLAIN,
    'Cache-Control': 'private, no-cache',
    ...(end === 'html' ? { 'Content-Security-Policy': REPORT_POLICY } : {}),
    ...(type === undefined || end === 'html'
      ? {}
      : { 'Content-Disposition': `attachment; filename="${name}"` }),
  };
}
