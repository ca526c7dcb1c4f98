// Plain `vitest run --project acceptance`: records the live cluster first (current kubeconfig,
// netaccept.yaml, NETACCEPT_* variables), or judges the recorded run that NETACCEPT_RUN names.
import { resolve } from 'node:path';
import type { TestProject } from 'vitest/node';
import type {} from '../../src/judge/meta.ts';
import { recordForVitest } from '../../src/suite/plain.ts';

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.NETACCEPT_RUN;
  if (given !== undefined && given !== '') {
    process.env.NETACCEPT_RECORDED = resolve(given);
    project.provide('netacceptRun', resolve(given));
    return async () => {};
  }
  const { dir, close } = await recordForVitest();
  process.env.NETACCEPT_RECORDED = dir;
  project.provide('netacceptRun', dir);
  return close;
}
