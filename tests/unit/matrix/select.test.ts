import { expect, test } from 'vitest';
import { isSelected, selectsAnything } from '../../../src/matrix/select.ts';

const names = ['tcp', 'udp'];
const rows = [
  ['nothing listed selects all', [], [], 'tcp', 'pod-to-pod', true],
  ['a check', ['tcp'], [], 'udp', 'pod-to-pod', false],
  ['a path', ['pod-to-pod'], [], 'udp', 'pod-to-pod', true],
  ['another path', ['pod-to-pod'], [], 'udp', 'node-to-node', false],
  ['check and path: both must match', ['tcp', 'pod-to-pod'], [], 'udp', 'pod-to-pod', false],
  ['check and path: both match', ['tcp', 'pod-to-pod'], [], 'tcp', 'pod-to-pod', true],
  ['a skipped check', [], ['udp'], 'udp', 'pod-to-pod', false],
  ['skip wins over only', ['tcp'], ['pod-to-pod'], 'tcp', 'pod-to-pod', false],
] as const;

test.each(rows)('%s', (_, only, skip, check, path, selected) => {
  expect(isSelected({ check, path }, { only: [...only], skip: [...skip] }, names)).toBe(selected);
});

test('a selection that leaves nothing is known beforehand', () => {
  const left = (only: string[], skip: string[]) =>
    selectsAnything(
      { only, skip },
      names.map((name) => ({ name, paths: ['pod-to-pod', 'node-to-node'] })),
    );
  expect(left([], [])).toBe(true);
  expect(left(['tcp'], ['pod-to-pod'])).toBe(true);
  expect(left(['tcp'], ['pod-to-pod', 'node-to-node'])).toBe(false);
  expect(left([], ['tcp', 'udp'])).toBe(false);
});
