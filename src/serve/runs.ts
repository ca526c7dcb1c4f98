import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import pMap from 'p-map';
import { newestFirst } from '../order.ts';
import { type FolderStamp, readRun, type ServedRun } from './run-folder.ts';

/** What a file system's clock may be too coarse to tell apart: as long a folder's entry may still be about to change. */
const UNSETTLED_MS = 2000;
const AT_ONCE = 8;

/** The runs in a results folder as they are at the moment, newest first. */
export type Listing = () => Promise<readonly ServedRun[]>;

/**
 * A folder is read again only when it has changed: what a run writes appears in it by a rename, which its time tells.
 * Who asks while the folders are being looked at gets the same answer. A results folder that is not there yet is empty.
 */
export function listingOf(results: string): Listing {
  let known = new Map<string, { stamp: FolderStamp; run: ServedRun | undefined }>();
  let underWay: Promise<readonly ServedRun[]> | undefined;

  async function look(): Promise<readonly ServedRun[]> {
    const folders = await pMap(
      await foldersIn(results),
      async (id) => {
        const stamp = await stampOf(join(results, id));
        if (stamp === undefined) return [];
        const before = known.get(id);
        if (before !== undefined && isSame(before.stamp, stamp)) return [[id, before] as const];
        const run = await readRun(results, id, stamp);
        return [[id, { stamp, run }] as const];
      },
      { concurrency: AT_ONCE },
    );
    const now = Date.now();
    const found = folders.flat();
    known = new Map(found.filter(([, { stamp }]) => now - stamp.changedMs > UNSETTLED_MS));
    const runs = found.flatMap(([, { run }]) => (run === undefined ? [] : [run]));
    return newestFirst(
      runs,
      ({ startedMs }) => startedMs,
      ({ id }) => id,
    );
  }

  return () => {
    underWay ??= look().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
}

/** Links are not followed: `latest` is one of the others, and any other one may lead anywhere. */
async function foldersIn(results: string): Promise<string[]> {
  const entries = await readdir(results, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

/** Undefined of a folder that has just been removed. */
async function stampOf(path: string): Promise<FolderStamp | undefined> {
  const stats = await lstat(path).catch(() => undefined);
  if (stats?.isDirectory() !== true) return undefined;
  return { changedMs: stats.mtimeMs, inode: stats.ino };
}

function isSame(one: FolderStamp, other: FolderStamp): boolean {
  return one.changedMs === other.changedMs && one.inode === other.inode;
}
