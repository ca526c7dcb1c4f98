// A run's recording as one gzipped tar: all that has to travel, because every report is made from it again.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create, extract } from 'tar';
import { isRecordingPath } from '../run/recording.ts';

/** The largest run (5 000 Nodes) has 2 GiB; what claims to be larger is none. */
const MOST_BYTES = 4 * 2 ** 30;

/** The same bytes for the same recording. */
export async function packRecording(dir: string): Promise<Buffer> {
  const entries = await readdir(dir, { recursive: true });
  const paths = entries.filter(isRecordingPath).sort();
  const chunks: Buffer[] = [];
  const options = { cwd: dir, gzip: true, portable: true, noDirRecurse: true, mtime: new Date(0) };
  for await (const chunk of create(options, paths)) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Into `dir`, which is made if absent. Whoever wrote the archive, only files of a recording come out of it. */
export async function unpackRecording(archive: Buffer, dir: string): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), 'netaccept-archive-'));
  try {
    const file = join(scratch, 'recording.tgz');
    await writeFile(file, archive);
    await mkdir(dir, { recursive: true });
    let bytes = 0;
    await extract({
      file,
      cwd: dir,
      strict: true,
      // When it was brought here, which is how old it is to who keeps only so many runs.
      noMtime: true,
      filter: (path, entry) => {
        bytes += entry.size ?? 0;
        if (bytes > MOST_BYTES) throw new Error('the archive holds more than any run');
        return 'type' in entry && entry.type === 'File' && isRecordingPath(path);
      },
    });
    await readFile(join(dir, 'run.json'));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
