import { defineConfig } from 'vitest/config';

/** The tests that judge in their own process: a mutant is switched on in this one, and in no worker of a Vitest within. */
export default defineConfig({
  test: {
    include: [
      'tests/unit/{verdict,resume,checks,run}/**/*.test.ts',
      'tests/unit/judge/{docket,result}.test.ts',
      'tests/unit/kube/agent-stream.test.ts',
    ],
    testTimeout: 60_000,
  },
});
