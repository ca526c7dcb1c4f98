// The fault catalogue: every verdict of the suite as predicted while a fault is there, everything green without it.
// `npm test` runs a selection that covers every class, `npm run test:faults` all of it, or some by name.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Cluster } from '../../fixtures/clusters/cluster.ts';
import { differenceOf } from '../../fixtures/faults/difference.ts';
import type { CataloguedFault, World } from '../../fixtures/faults/entry.ts';
import { withFaults } from '../../fixtures/faults/inject.ts';
import { type Prediction, predict, statesOf } from '../../fixtures/faults/predict.ts';
import { recordRow, rowOf } from '../../fixtures/faults/record.ts';
import { chosenFaults } from '../../fixtures/faults/registry.ts';
import { sceneOf, worldOf } from '../../fixtures/faults/scene.ts';
import type { Topology } from '../../src/model.ts';
import { readRecording } from '../../src/run/recording.ts';
import { testCluster } from './cluster.ts';
import { type Checked, check, netaccept } from './netaccept.ts';
import { expectGreen } from './red.ts';

const { faults, thorough } = chosenFaults(process.env.NETACCEPT_FAULTS);

const SETTINGS = {
  // So many flows that each source meets every endpoint: it misses one of four by a chance of 0.75^40.
  NETACCEPT_SERVICES_REQUESTS: '40',
  // The default: what is proven here is proven of what users run.
  NETACCEPT_PROBE_TIMEOUT: '2s',
};

let cluster: Cluster;
let topology: Topology;

beforeAll(async () => {
  cluster = await testCluster();
  await green({});
});

afterAll(async () => {
  await netaccept(['clean']);
});

test.each(faults)('$name: $what', async (fault) => {
  const scene = sceneOf(cluster, topology);
  const broken = await brokenRun(fault, await fault.faults(scene));
  const { result, dir, exitCode } = broken;
  topology = await topologyOf(dir);
  const world = worldOf(scene, topology);
  const cases = result.verdicts.map((verdict) => verdict.case);
  const predictions = predict(fault, cases, world);
  const difference = differenceOf(predictions, result.verdicts);
  expect(difference, `not as predicted, see ${dir}:\n${difference}`).toBe('');
  // The comparison can fail: what a healthy cluster would look like is not what was seen, where there is something to see.
  const isVisible = predictions.some(({ verdict }) => verdict !== 'passed' && verdict !== 'skipped');
  expect(differenceOf(predict({}, cases, world), result.verdicts) !== '').toBe(isVisible);
  expectTold(fault, broken, world, predictions);
  const has = (verdict: string) => result.verdicts.some((one) => one.verdict === verdict);
  const couldNotTell =
    has('errored') || result.problems.length > 0 || result.controls.some(({ state }) => state !== 'held');
  expect(exitCode).toBe(has('failed') ? 1 : couldNotTell ? 2 : 0);
  await recordRow(rowOf(fault, predictions, result));
  // A run of some checks does not know all that the next fault is made of.
  if (thorough || fault.renews || fault.args?.includes('--only')) await green(fault);
});

test('mended, everything is green again', async () => {
  await green({});
});

async function brokenRun(fault: CataloguedFault, made: Parameters<typeof withFaults>[1]): Promise<Checked> {
  if (fault.when === undefined) return withFaults(cluster, made, () => run(fault));
  const { promise: judged, resolve: release } = Promise.withResolvers<void>();
  let breaking: Promise<void> | undefined;
  const onLine = (line: string) => {
    if (line.startsWith('probed')) breaking ??= withFaults(cluster, made, () => judged);
  };
  const checked = await run(fault, onLine).finally(release);
  expect(breaking, 'the run was over before it could be disturbed').toBeDefined();
  await breaking;
  return checked;
}

function run({ env, args = [] }: Pick<CataloguedFault, 'env' | 'args'>, onLine?: (line: string) => void) {
  return check(['--keep', ...args], { env: { ...SETTINGS, ...env }, ...(onLine && { onLine }) });
}

/** All checks, whatever the fault's own run was about. */
async function green({ env = {} }: Pick<CataloguedFault, 'env'>): Promise<void> {
  const healthy = await run({ env });
  expectGreen(healthy);
  topology = await topologyOf(healthy.dir);
}

async function topologyOf(dir: string): Promise<Topology> {
  const { header } = await readRecording(dir);
  if (header.topology === undefined) throw new Error(`nothing was discovered, see ${dir}`);
  return header.topology;
}

/** Problems, controls and the first finding. */
function expectTold(
  fault: CataloguedFault,
  { result }: Checked,
  world: World,
  predictions: readonly Prediction[],
): void {
  const messages = result.problems.map(({ message }) => message);
  const problems = messages.filter((message) => fault.mayTell?.test(message) !== true);
  expect(problems).toEqual((fault.problems ?? []).map((problem) => expect.stringMatching(problem)));
  const unexpected = result.controls.filter(
    ({ control, state }) => !(fault.controls?.(control.id) ?? statesOf(control, predictions)).includes(state),
  );
  expect(unexpected.map(({ control, state, sentence }) => `${control.id}: ${state}: ${sentence}`)).toEqual(
    [],
  );
  const sentences = result.verdicts.flatMap(({ verdict, sentence }) =>
    verdict === 'failed' ? [sentence] : [],
  );
  if (fault.says !== undefined) expect(sentences).toContainEqual(expect.stringMatching(fault.says));
  const [first] = result.diagnosis.findings;
  const wanted = fault.finding?.(world);
  if (wanted === undefined) expect(first?.id).toBeUndefined();
  else if (typeof wanted === 'string') expect(first?.id).toBe(wanted);
  else expect(first?.id).toMatch(wanted);
}
