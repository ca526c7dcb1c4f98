// actionlint, and what Tekton and Argo themselves say of an object: built once from the Go module proxy.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureDocker } from '../../ci/cluster/daemon.ts';
import { ensureProgram } from '../../ci/cluster/programs.ts';
import { type Ended, ROOT, runIn } from './workspace.ts';

/** Longer than its first build on a busy machine. */
export const BUILD_MS = 1_800_000;

export async function pipelineLint(...args: string[]): Promise<Ended> {
  const say = (line: string) => process.stdout.write(`  ${line}\n`);
  // A build asks Docker for the architecture, and builds in a container where there is no Go.
  await ensureDocker(say);
  return runIn(ROOT, [await ensureProgram('pipeline-lint', say), ...args], {});
}

/** What Tekton or Argo says of these objects: nothing, or a line for each. */
export async function lint(objects: string): Promise<Ended> {
  const file = join(await mkdtemp(join(tmpdir(), 'netaccept-objects-')), 'objects.yaml');
  await writeFile(file, objects);
  return pipelineLint('objects', file);
}
