import { readFileSync } from 'node:fs';

/** netaccept's own version, from its package.json: beside `src` in the checkout, above `dist` when packed. */
export function packageVersion(): string {
  const up = import.meta.url.endsWith('.ts') ? '../..' : '../../..';
  const text = readFileSync(new URL(`${up}/package.json`, import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
