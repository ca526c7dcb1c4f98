import { constants } from 'node:fs';
import { copyFile, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { messageOf } from '../errors.ts';
import { isSameCluster, nodeUids, type OutcomeHead } from '../history/outcome.ts';
import { newestFirst } from '../order.ts';
import { eachCase, readOutcomeHead } from './outcome-file.ts';
import { OUTCOME, PREVIOUS } from './recording.ts';
import type { Session } from './session.ts';

/**
 * Records the run to compare with: a copy of the outcome of the newest earlier run of this cluster that lies beside this
 * one's folder, so that its reports can be made again without its neighbours. Never throws: what cannot be read is told
 * and passed over, and without any such run there is nothing to compare with.
 */
export async function recordPrevious({
  dir,
  header,
  tell,
}: Pick<Session, 'dir' | 'header' | 'tell'>): Promise<void> {
  const nodes = nodeUids(header.topology);
  if (nodes.length === 0) return;
  const skip = (folder: string, why: string) =>
    tell({ phase: 'note', message: `not compared with ${folder}: ${why}` });
  try {
    for (const { folder, head } of await earlierRuns(dirname(dir), basename(dir), header.started, skip)) {
      if (!isSameCluster(head.nodes, nodes)) continue;
      if (head.unfit !== undefined) skip(folder, head.unfit);
      else if (
        await copied(join(dirname(dir), folder, OUTCOME), join(dir, PREVIOUS), (why) => skip(folder, why))
      )
        return;
    }
  } catch (error) {
    tell({ phase: 'note', message: `no earlier run is compared with: ${messageOf(error)}` });
  }
}

/** Newest first. A link is not followed: `latest` is one of the others. */
async function earlierRuns(
  parent: string,
  own: string,
  started: string,
  skip: (folder: string, why: string) => void,
): Promise<{ folder: string; head: OutcomeHead }[]> {
  const runs: { folder: string; head: OutcomeHead }[] = [];
  for (const entry of await readdir(parent, { withFileTypes: true })) {
    if (!entry.isDirectory() || entry.name === own) continue;
    try {
      const head = await readOutcomeHead(join(parent, entry.name, OUTCOME));
      if (Date.parse(head.started) < Date.parse(started)) runs.push({ folder: entry.name, head });
    } catch (error) {
      if (!isElsewhere(error)) skip(entry.name, `${OUTCOME}: ${messageOf(error)}`);
    }
  }
  return newestFirst(
    runs,
    ({ head }) => Date.parse(head.started),
    ({ folder }) => folder,
  );
}

/** A folder that is no run of ours, or nobody's to read: with `--out DIR` the neighbours may be anything. */
function isElsewhere(error: unknown): boolean {
  return ['ENOENT', 'EACCES', 'EPERM', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
}

/** Copied first and then looked through, so that what stands here is what was looked through. */
async function copied(from: string, to: string, skip: (why: string) => void): Promise<boolean> {
  const draft = `${to}.${process.pid}.tmp`;
  try {
    await copyFile(from, draft, constants.COPYFILE_FICLONE);
    await eachCase(draft, () => {});
    await rename(draft, to);
    return true;
  } catch (error) {
    skip(`${OUTCOME}: ${messageOf(error)}`);
    await rm(draft, { force: true });
    return false;
  }
}
