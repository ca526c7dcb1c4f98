import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const BURNER = fileURLToPath(new URL('burner.ts', import.meta.url));

/** `work` while so many processes burn a CPU each, with no less right to it than anybody. They end with it, and with this process. */
export async function besideBurners<T>(
  count: number,
  work: (burners: ChildProcess[]) => Promise<T>,
): Promise<T> {
  const burners = Array.from({ length: count }, () => fork(BURNER, { stdio: 'ignore' }));
  const gone = Promise.all(burners.map((burner) => once(burner, 'exit')));
  try {
    return await work(burners);
  } finally {
    for (const burner of burners) burner.kill('SIGKILL');
    await gone;
  }
}
