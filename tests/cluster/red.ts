// A fault turns exactly the predicted cases red and nothing errored; mended, all is green.
import { expect } from 'vitest';
import type { Cluster } from '../../fixtures/clusters/cluster.ts';
import { type Fault, withFault } from '../../fixtures/faults/inject.ts';
import type { Case, CaseVerdict } from '../../src/model.ts';
import { type check, idsWith } from './netaccept.ts';
import { idsWhere } from './predict.ts';

/** `run` is one run of the command. Returns the red verdicts, of which there is at least one. */
export async function expectRed(
  cluster: Cluster,
  fault: Fault,
  run: () => ReturnType<typeof check>,
  isRed: (entry: Case) => boolean,
): Promise<CaseVerdict[]> {
  const { result, exitCode } = await withFault(cluster, fault, run);
  const expected = idsWhere(result, isRed);
  expect(expected).not.toEqual([]);
  expect(idsWith(result, 'failed')).toEqual(expected);
  expect(idsWith(result, 'errored')).toEqual([]);
  expect(exitCode).toBe(1);
  const mended = await run();
  expect(idsWith(mended.result, 'failed')).toEqual([]);
  expect(mended.exitCode).toBe(0);
  return result.verdicts.filter(({ verdict }) => verdict === 'failed');
}
