import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

/** Compares with fixtures/reports byte by byte. `UPDATE_GOLDEN=1` writes it instead: look at the diff then. */
export async function expectGolden(file: string, text: string): Promise<void> {
  const path = fileURLToPath(new URL(`../../../fixtures/reports/${file}`, import.meta.url));
  if (process.env.UPDATE_GOLDEN === '1') await writeFile(path, text);
  const golden = await readFile(path);
  // The texts first, for a readable diff; the bytes decide.
  expect(text).toBe(golden.toString('utf8'));
  expect(Buffer.from(text).equals(golden)).toBe(true);
}
