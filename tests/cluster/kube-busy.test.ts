// An API server that has more to do than it can: it puts requests off (429), and a run waits for its turn.
import { afterAll, expect, test } from 'vitest';
import { countingUser, kubectlApply } from './counting-user.ts';
import { check, netaccept } from './netaccept.ts';
import { expectGreen } from './red.ts';
import { kubectl } from './users.ts';

const LEVEL = 'one-at-a-time';

afterAll(async () => {
  await netaccept(['clean']);
  await kubectl('delete', 'prioritylevelconfiguration', LEVEL, '--ignore-not-found');
});

test('a user who may make one request at a time: some are put off, and the run is green', async () => {
  await kubectlApply({
    apiVersion: 'flowcontrol.apiserver.k8s.io/v1',
    kind: 'PriorityLevelConfiguration',
    metadata: { name: LEVEL },
    // So few shares that one seat is left, and nobody may lend it another.
    spec: {
      type: 'Limited',
      limited: {
        nominalConcurrencyShares: 1,
        borrowingLimitPercent: 0,
        lendablePercent: 0,
        limitResponse: { type: 'Reject' },
      },
    },
  });
  const user = await countingUser(LEVEL);
  try {
    const before = await user.counts();
    expectGreen(await check(['--only', 'tcp,services'], { env: { KUBECONFIG: user.kubeconfig } }));
    const after = await user.counts();
    expect(after.putOff - before.putOff).toBeGreaterThan(0);
  } finally {
    await user.remove();
  }
});
