import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { chooseProvider } from '../../../fixtures/clusters/choose.ts';
import { existingProvider } from '../../../fixtures/clusters/existing.ts';

const standIns = join(import.meta.dirname, '../../../fixtures/clusters/kind/stand-in');
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netaccept-choose-'));
  await writeFile(join(folder, 'images'), 'kindest/node:v1.35.0\n');
  vi.stubEnv('PATH', `${standIns}:${process.env.PATH}`);
  vi.stubEnv('STAND_IN', folder);
  vi.stubEnv('NETACCEPT_PROVIDER', undefined);
  vi.stubEnv('NETACCEPT_CONTEXT', undefined);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

describe('the provider', () => {
  test('is kind where kind can work', async () => {
    expect((await chooseProvider()).name).toBe('kind');
  });

  test('is local where privileged containers do not start', async () => {
    await writeFile(join(folder, 'unprivileged'), 'operation not permitted\n');
    expect((await chooseProvider()).name).toBe('local');
  });

  test('is the one that was asked for, by NETACCEPT_PROVIDER too', async () => {
    expect((await chooseProvider('local')).name).toBe('local');
    vi.stubEnv('NETACCEPT_PROVIDER', 'local');
    expect((await chooseProvider()).name).toBe('local');
  });

  test('that was asked for and cannot work says why, instead of being replaced by another', async () => {
    await writeFile(join(folder, 'unprivileged'), 'operation not permitted\n');
    await expect(chooseProvider('kind')).rejects.toThrow(
      'provider kind cannot be used here: this machine does not start privileged containers (operation not permitted)',
    );
  });

  test('that nobody knows is named, with those there are', async () => {
    await expect(chooseProvider('minikube')).rejects.toThrow(
      'provider "minikube" is not one of local, kind, existing',
    );
  });
});

describe('an existing cluster', () => {
  test('of an unknown context is refused, with the contexts there are', async () => {
    const kubeconfig = join(folder, 'kubeconfig');
    await writeFile(
      kubeconfig,
      JSON.stringify({ contexts: [{ name: 'prod', context: { cluster: 'c', user: 'u' } }] }),
    );
    vi.stubEnv('KUBECONFIG', kubeconfig);
    vi.stubEnv('NETACCEPT_CONTEXT', 'staging');
    expect(await existingProvider.unavailable()).toBe(`${kubeconfig} has no context "staging"; it has prod`);
  });

  test('is never removed', async () => {
    await expect(existingProvider.down('prod', () => undefined)).rejects.toThrow(
      'cannot remove an existing cluster',
    );
  });
});
