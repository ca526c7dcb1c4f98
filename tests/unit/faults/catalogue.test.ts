import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { FAULT_CLASSES } from '../../../fixtures/faults/entry.ts';
import type { FaultRow } from '../../../fixtures/faults/record.ts';
import { chosenFaults, faults } from '../../../fixtures/faults/registry.ts';

test('every file of the catalogue is one fault of that name, and listed', async () => {
  const files = await readdir(new URL('../../../fixtures/faults/catalogue', import.meta.url));
  const names = files.map((file) => file.replace(/\.ts$/, '')).sort();
  expect(faults.map(({ name }) => name).toSorted()).toEqual(names);
  expect(names.length).toBeGreaterThanOrEqual(30);
});

test('the selection has at least one fault of every class', () => {
  const { faults: selected, thorough } = chosenFaults(undefined);
  expect(new Set(selected.map((fault) => fault.class))).toEqual(new Set(FAULT_CLASSES));
  expect(thorough).toBe(false);
});

test('faults are chosen by name; a wrong name is told with the right ones', () => {
  expect(chosenFaults('icmp-dropped,vxlan-one-way').faults.map(({ name }) => name)).toEqual([
    'icmp-dropped',
    'vxlan-one-way',
  ]);
  expect(chosenFaults('all').faults).toHaveLength(faults.length);
  expect(() => chosenFaults('icmp-droped')).toThrow(/^no such fault: icmp-droped; there are .*icmp-dropped/);
});

test('of every fault it is on record what it looked like, as predicted', async () => {
  const text = await readFile(new URL('../../../docs/faults.json', import.meta.url), 'utf8');
  const rows = JSON.parse(text) as FaultRow[];
  expect(rows.map(({ name }) => name)).toEqual(faults.map(({ name }) => name));
  for (const { name, predicted, observed } of rows) {
    const { either = 0, ...certain } = predicted;
    const more = (kind: 'failed' | 'errored') => (observed[kind] ?? 0) - (certain[kind] ?? 0);
    const fits = more('failed') >= 0 && more('errored') >= 0 && more('failed') + more('errored') <= either;
    expect([name, fits]).toEqual([name, true]);
  }
});
