// A fault turns exactly the predicted cases red and nothing errored. That the next one does so too shows that this one is
// mended; after the last one `expectGreen` does.
import { expect } from 'vitest';
import type { Cluster } from '../../fixtures/clusters/cluster.ts';
import { type Fault, withFault } from '../../fixtures/faults/inject.ts';
import type { Case, CaseVerdict } from '../../src/model.ts';
import { type Checked, type check, idsWith } from './netaccept.ts';
import { idsWhere } from './predict.ts';

/** `run` is one run of the command. Returns the red verdicts, of which there is at least one. */
export async function expectRed(
  cluster: Cluster,
  fault: Fault,
  run: () => ReturnType<typeof check>,
  isRed: (entry: Case) => boolean,
): Promise<CaseVerdict[]> {
  const broken = await withFault(cluster, fault, run);
  expectExactlyRed(broken, isRed);
  return broken.result.verdicts.filter(({ verdict }) => verdict === 'failed');
}

/** All is proven; where not, the difference says what is in the way. */
export function expectGreen({ result, exitCode }: Checked): void {
  expect(result.problems).toEqual([]);
  expect(result.verdicts.filter(({ verdict }) => verdict !== 'passed')).toEqual([]);
  expect(result.controls.filter(({ state }) => state !== 'held')).toEqual([]);
  expect(exitCode).toBe(0);
}

/** Red is what is predicted, of which there is something, and nothing else; nothing is errored. */
export function expectExactlyRed(checked: Checked, isRed: (entry: Case) => boolean): void {
  expect(idsWhere(checked.result, isRed)).not.toEqual([]);
  expectExactly(checked, isRed);
}

/** The same where the prediction may also be that all is green. */
export function expectExactly({ result, exitCode }: Checked, isRed: (entry: Case) => boolean): void {
  const expected = idsWhere(result, isRed);
  expect(idsWith(result, 'failed')).toEqual(expected);
  expect(idsWith(result, 'errored')).toEqual([]);
  expect(result.problems).toEqual([]);
  expect(result.controls.filter(({ state }) => state !== 'held')).toEqual([]);
  expect(exitCode).toBe(expected.length === 0 ? 0 : 1);
}
