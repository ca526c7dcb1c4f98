import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { commentedConfig } from '../../../src/config/init.ts';
import { keysOf } from '../../../src/config/keys.ts';
import { configSchema } from '../../../src/config/schema.ts';
import { at, isTree, pathText } from '../../../src/config/tree.ts';
import { knownNames, load } from './loading.ts';

const written = commentedConfig('1.2.3', knownNames);

test('the commented file has exactly the defaults', async () => {
  const cwd = await mkdtemp(join(tmpdir(), 'netaccept-init-'));
  onTestFinished(() => rm(cwd, { recursive: true }));
  await writeFile(join(cwd, 'netaccept.yaml'), written);
  const { settings, sources, notes } = await load({ cwd });
  expect({ settings, notes }).toEqual({ settings: (await load()).settings, notes: [] });
  expect(sources).toEqual(['defaults', 'netaccept.yaml']);
});

test('it has every key of the schema, in the same order, and no other', () => {
  const keys = keysOf(configSchema(knownNames)).map(({ path }) => pathText(path));
  expect(leaves(parse(written))).toEqual(keys);
});

test('every key is preceded by its meaning and, where it has a value, by what is allowed', () => {
  const lines = written.split('\n');
  const bare = lines.flatMap((line, i) =>
    /^\s*[\w-]+:/.test(line) && !/^\s*#/.test(lines[i - 1] ?? '') ? [line] : [],
  );
  expect(bare).toEqual([]);
  for (const { path } of keysOf(configSchema(knownNames))) {
    const own = lineOf(path, lines);
    expect(lines[own - 1]).toMatch(/^\s*# Allowed: .*\.$/);
    expect(lines[own - 2]).toMatch(/^\s*# [A-Z].*\.$/);
  }
  expect(written).not.toContain('undefined');
});

/** The same key may stand in several sections: each is looked for below the one before. */
function lineOf(path: readonly string[], lines: readonly string[]): number {
  return path.reduce(
    (from, key, depth) =>
      lines.findIndex((line, i) => i > from && line.startsWith(`${'  '.repeat(depth)}${key}:`)),
    -1,
  );
}

test('it reads well: no line is long, none ends in a space', () => {
  expect(written.split('\n').filter((line) => line.length > 120 || / $/.test(line))).toEqual([]);
});

test('it is written for the version and the checks that are there', () => {
  expect(commentedConfig('7.8.9', ['tcp', 'sctp'])).toMatch(
    /^# netaccept 7\.8\.9: [\s\S]*a list of checks and paths: tcp, sctp\./,
  );
});

function leaves(tree: unknown, path: string[] = []): string[] {
  const here = at(tree, path);
  return isTree(here) ? Object.keys(here).flatMap((key) => leaves(tree, [...path, key])) : [path.join('.')];
}
