import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { billOfMaterials } from '../../../ci/sbom.ts';

test('the bill of materials has Node.js and whatever is needed at run time, also if something for the development needs it too', async () => {
  const url = new URL('../../../package.json', import.meta.url);
  const { dependencies } = JSON.parse(await readFile(url, 'utf8'));
  const bom: { components: { name: string }[] } = JSON.parse(await billOfMaterials());
  const names = new Set(bom.components.map(({ name }) => name));
  expect(Object.keys(dependencies).filter((name) => !names.has(name))).toEqual([]);
  expect(names).toContain('node');
  expect(['typescript', 'knip', '@stryker-mutator/core'].filter((name) => names.has(name))).toEqual([]);
});
