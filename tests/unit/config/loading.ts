import { fileURLToPath } from 'node:url';
import { type Loaded, type LoadInput, loadSettings } from '../../../src/config/load.ts';
import { SetupError } from '../../../src/errors.ts';

export const knownNames = [
  'http',
  'icmp',
  'tcp',
  'udp',
  'node-to-node',
  'node-to-pod',
  'pod-to-node',
  'pod-to-pod',
];

export const configs = fileURLToPath(new URL('../../../fixtures/configs', import.meta.url));

/** Loads in `fixtures/configs`, which has no netaccept.yaml of its own. */
export function load(input: Partial<LoadInput> = {}): Promise<Loaded> {
  return loadSettings({
    env: {},
    flags: {},
    version: '1.2.3',
    knownNames,
    home: '/home/tester',
    cwd: configs,
    ...input,
  });
}

/** The sentences of a load that must not succeed. */
export async function mistakes(input: Partial<LoadInput>): Promise<string[]> {
  try {
    await load(input);
  } catch (error) {
    if (error instanceof SetupError) return error.problems.map(({ code, message }) => `${code} ${message}`);
    throw error;
  }
  return [];
}
