// actionlint, and what Tekton and Argo themselves say of an object.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import type {} from './pipelines.setup.ts';
import { type Ended, ROOT, runIn } from './workspace.ts';

export async function pipelineLint(...args: string[]): Promise<Ended> {
  return runIn(ROOT, [inject('pipelineLint'), ...args], {});
}

/** What Tekton or Argo says of these objects: nothing, or a line for each. */
export async function lint(objects: string): Promise<Ended> {
  const file = join(await mkdtemp(join(tmpdir(), 'netaccept-objects-')), 'objects.yaml');
  await writeFile(file, objects);
  return pipelineLint('objects', file);
}
