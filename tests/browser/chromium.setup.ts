import { access } from 'node:fs/promises';
import type { TestProject } from 'vitest/node';
import { install } from '../../ci/cluster/debian.ts';

declare module 'vitest' {
  interface ProvidedContext {
    chromium: string;
  }
}

const DEBIAN = '/usr/bin/chromium';

/** A real Chromium: `CHROMIUM` names one, else Debian's, installed where it is missing. */
export async function setup(project: TestProject): Promise<void> {
  const path = process.env.CHROMIUM ?? DEBIAN;
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (!isThere) {
    await install(['chromium'], 'the tests of the HTML report (or CHROMIUM=/path/to/one)', (line) =>
      process.stdout.write(`${line}\n`),
    );
  }
  project.provide('chromium', path);
}
