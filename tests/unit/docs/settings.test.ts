import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { configSchema } from '../../../src/config/schema.ts';
import { knownNames } from '../../../src/suite/names.ts';
import { blocksOf, pagePaths, readPage } from './pages.ts';

const schema = configSchema(knownNames);

/** Kubernetes' own objects, Prometheus' rules and CI's files are not ours. */
const FOREIGN = ['apiVersion', 'groups', 'include', 'stages', 'jobs', 'steps', 'on', 'pipeline'];

const written = pagePaths.flatMap((path) =>
  blocksOf(readPage(path), 'yaml').flatMap((text, index) => {
    const content: unknown = parse(text);
    const isOurs = content !== null && typeof content === 'object' && !FOREIGN.some((key) => key in content);
    return isOurs && !path.startsWith('docs/ci') ? [{ path, number: index + 1, content }] : [];
  }),
);

test('the documentation has settings', () => {
  expect(written.length).toBeGreaterThan(5);
});

test.each(written)('$path: the settings in YAML block $number are valid', ({ content }) => {
  expect(schema.safeParse(content).error?.issues ?? []).toEqual([]);
});

test('a setting that is none would show', () => {
  expect(schema.safeParse({ run: { keepRun: 30 } }).success).toBe(false);
});
