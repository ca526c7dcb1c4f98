import { defineConfig } from 'vitest/config';

const project = (name: string, include: string, more: object = {}) => ({
  test: { name, include: [include], retry: 0, ...more },
});

/** One cluster serves all files of a project, so they take turns. */
const onCluster = {
  globalSetup: ['tests/cluster/cluster.setup.ts'],
  fileParallelism: false,
  expect: { poll: { timeout: 30_000 } },
  testTimeout: 600_000,
  hookTimeout: 600_000,
};
const OPERATION = ['tests/cluster/cronjob.test.ts', 'tests/cluster/{kube-,life,healthy,resume}*.test.ts'];
const SITE = ['tests/cluster/cronjob-*.test.ts'];
const ANY_INPUT = ['tests/fast-check.setup.ts'];
const FIXTURES = ['tests/cluster/fixture-*.test.ts'];

export default defineConfig({
  test: {
    reporters: ['default', './tests/acceptance/write-reports.ts'],
    projects: [
      // Generous: a busy machine must not make a test red.
      project('unit', 'tests/unit/**/*.test.ts', { testTimeout: 60_000, setupFiles: ANY_INPUT }),
      // The files of ci/pipelines, by the CI systems' own tools, and their scripts.
      project('pipelines', 'tests/pipelines/**/*.test.ts', {
        globalSetup: ['tests/pipelines/pipelines.setup.ts'],
        testTimeout: 120_000,
      }),
      project('agent', 'tests/agent/**/*.test.ts', { testTimeout: 60_000, setupFiles: ANY_INPUT }),
      // The HTML report in a real Chromium.
      project('browser', 'tests/browser/**/*.test.ts', {
        globalSetup: ['tests/browser/chromium.setup.ts'],
        // A page changes after the click that asks for it: what is expected of it is waited for.
        expect: { poll: { timeout: 30_000 } },
        testTimeout: 60_000,
        hookTimeout: 180_000,
      }),
      // What is broken and mended, check by check.
      project('cluster', 'tests/cluster/**/*.test.ts', {
        ...onCluster,
        exclude: [...OPERATION, ...SITE, ...FIXTURES],
      }),
      // How a run lives and dies: mostly waiting, so it has a cluster of its own and runs beside the others.
      project('operation', 'tests/cluster/**/*.test.ts', { ...onCluster, include: OPERATION }),
      // What a site has around the cluster (a registry with a login, an object store) and what it may: `npm run test:site`.
      project('site', 'tests/cluster/**/*.test.ts', {
        ...onCluster,
        globalSetup: [...onCluster.globalSetup, 'tests/browser/chromium.setup.ts'],
        include: SITE,
      }),
      // That the fixtures themselves do what they say: `npm run test:fixtures`, for who changes one.
      project('fixtures', 'tests/cluster/**/*.test.ts', { ...onCluster, include: FIXTURES }),
      project('acceptance', 'tests/acceptance/**/*.accept.ts', {
        globalSetup: ['tests/acceptance/record.setup.ts'],
        pool: 'threads',
        isolate: false,
        testTimeout: 0,
      }),
    ],
  },
});
