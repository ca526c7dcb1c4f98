import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createVitest } from 'vitest/node';
import type { Case } from '../model.ts';
import { type Judged, VerdictReporter } from './reporter.ts';
import { shardPlugin } from './shard-plugin.ts';

const SIGNALS: readonly (string | symbol)[] = ['SIGTERM', 'SIGINT', 'SIGHUP'];
/** Vitest's memory grows with the largest module: a shard of this size keeps it flat. */
const CASES_PER_SHARD = 2000;

/**
 * Judges a recorded run with Vitest: the shipped acceptance modules, each path's cut into shards, in
 * this process's worker threads. `modulesDir` holds the `*.accept` modules, `.ts` here and `.js` when packed.
 */
export async function judgeWithVitest(runDir: string, cases: readonly Case[]): Promise<Judged> {
  const reporter = new VerdictReporter();
  const modulesDir = acceptanceDir();
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  process.on('newListener', dropSignalListener);
  const vitest = await createVitest(
    'test',
    {
      // A user's own vitest.config in the working directory is none of our business.
      config: false,
      root: modulesDir,
      include: [],
      exclude: [],
      watch: false,
      // The package may lie on a read-only file system.
      cache: false,
      fsModuleCache: false,
      // In node_modules Vitest would leave them to Node, which knows nothing of shards.
      server: { deps: { inline: [/\.accept\./] } },
      pool: 'threads',
      isolate: false,
      retry: 0,
      testTimeout: 0,
      passWithNoTests: false,
      provide: { netacceptRun: runDir },
      reporters: [reporter],
    },
    { plugins: [shardPlugin(modulesDir)], logLevel: 'silent', cacheDir: join(runDir, '.vite') },
  );
  try {
    await vitest.standalone();
    const project = vitest.getRootProject();
    const modules = [join(modulesDir, `run.accept.${extension}`)];
    for (const [path, count] of casesByPath(cases)) {
      const shards = Math.ceil(count / CASES_PER_SHARD);
      for (let shard = 1; shard <= shards; shard++) {
        modules.push(join(modulesDir, `${path}.accept.shard-${shard}-of-${shards}.${extension}`));
      }
    }
    await vitest.runTestSpecifications(
      modules.map((module) => project.createSpecification(module)),
      true,
    );
  } finally {
    await vitest.close();
    process.off('newListener', dropSignalListener);
  }
  return reporter.judged;
}

/**
 * Vitest and Vite answer a signal by ending the process at once, reports or no reports; the run's own handler
 * decides. A listener is dropped before the event loop turns, so no signal can reach it.
 */
function dropSignalListener(event: string | symbol, listener: (...args: unknown[]) => void): void {
  if (SIGNALS.includes(event)) queueMicrotask(() => process.off(event, listener));
}

/** In the checkout and in the package alike, `tests` lies beside `src`. */
function acceptanceDir(): string {
  return join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'tests', 'acceptance');
}

function casesByPath(cases: readonly Case[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const entry of cases) counts.set(entry.path, (counts.get(entry.path) ?? 0) + 1);
  return counts;
}
