// Built once, before three files of tests would each build it.
import type { TestProject } from 'vitest/node';
import { ensureDocker } from '../../ci/cluster/daemon.ts';
import { ensureProgram } from '../../ci/cluster/programs.ts';

declare module 'vitest' {
  interface ProvidedContext {
    pipelineLint: string;
  }
}

export async function setup(project: TestProject): Promise<void> {
  const say = (line: string) => process.stdout.write(`  ${line}\n`);
  // A build asks Docker for the architecture, and builds in a container where there is no Go.
  await ensureDocker(say);
  project.provide('pipelineLint', await ensureProgram('pipeline-lint', say));
}
