import { defineConfig } from 'vitest/config';

const project = (name: string, include: string, more: object = {}) => ({
  test: { name, include: [include], retry: 0, ...more },
});

export default defineConfig({
  test: {
    reporters: ['default', './tests/acceptance/write-reports.ts'],
    projects: [
      project('unit', 'tests/unit/**/*.test.ts'),
      project('agent', 'tests/agent/**/*.test.ts', { testTimeout: 60_000 }),
      // One cluster serves them all, so they take turns.
      project('cluster', 'tests/cluster/**/*.test.ts', {
        globalSetup: ['tests/cluster/cluster.setup.ts'],
        fileParallelism: false,
        testTimeout: 600_000,
        hookTimeout: 600_000,
      }),
      project('acceptance', 'tests/acceptance/**/*.accept.ts', {
        globalSetup: ['tests/acceptance/record.setup.ts'],
        pool: 'threads',
        isolate: false,
        testTimeout: 0,
      }),
    ],
  },
});
