import { defineConfig } from 'vitest/config';

/**
 * The tests that are about the mutated files, and judge in their own process: a mutant is switched on in this one, and in
 * no worker of a Vitest within. The long properties are left out: each mutant would run them.
 */
export default defineConfig({
  test: {
    include: [
      'tests/unit/resume/*.test.ts',
      'tests/unit/verdict/{bench,judge,notes,run,sentence}.test.ts',
      'tests/unit/judge/docket.test.ts',
      'tests/unit/run/journal.test.ts',
      'tests/unit/kube/agent-stream.test.ts',
      'tests/unit/checks/{external,mtu,quality,rulings,services,tally,udp-port}.test.ts',
    ],
    testTimeout: 60_000,
  },
});
