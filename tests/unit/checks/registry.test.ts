import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkNamed, checkNames, checks, pathNames } from '../../../src/checks/registry.ts';

test('every file in src/checks is a registered check of its own name', async () => {
  const folder = join(import.meta.dirname, '../../../src/checks');
  const entries = await readdir(folder, { withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
  const expected = ['registry.ts', ...checkNames.map((name) => `${name}.ts`)];
  expect(new Set(files)).toEqual(new Set(expected));
  for (const check of checks) {
    const module = (await import(join(folder, `${check.name}.ts`))) as Record<string, unknown>;
    // `api-server.ts` exports `apiServer`.
    const exported = check.name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
    expect(module[exported]).toBe(check);
  }
});

test('names are unique, lower case, and no path’s name', () => {
  const names = [...checkNames, ...pathNames];
  expect(new Set(names).size).toBe(names.length);
  expect(checkNames.every((name) => /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name))).toBe(true);
});

test('a check is found by its name', () => {
  expect(checkNamed('udp')?.name).toBe('udp');
  expect(checkNamed('sctp')).toBeUndefined();
});
