import { fork } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { besideBurners } from '../../../ci/soak/burners.ts';

test('the burners live as long as the work, also where that fails', async () => {
  const seen: boolean[] = [];
  const pids: number[] = [];
  const failing = besideBurners(2, async (burners) => {
    pids.push(...burners.map(({ pid }) => pid ?? 0));
    seen.push(...pids.map(isAlive));
    throw new Error('the work failed');
  });
  await expect(failing).rejects.toThrow('the work failed');
  expect(seen).toEqual([true, true]);
  expect(pids.map(isAlive)).toEqual([false, false]);
});

test('a burner whose parent is gone ends by itself', async () => {
  const burner = fork(new URL('../../../ci/soak/burner.ts', import.meta.url).pathname);
  const ended = once(burner, 'exit');
  // What a killed parent leaves: a channel that is closed.
  burner.disconnect();
  expect(await ended).toEqual([0, null]);
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
