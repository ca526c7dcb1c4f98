import fc from 'fast-check';
import { expect, test } from 'vitest';
import { examine } from '../../../src/config/layer.ts';
import { configSchema } from '../../../src/config/schema.ts';
import { knownNames } from './loading.ts';

const schema = configSchema(knownNames);
const value = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(...knownNames, '2s', '10m', '', true, 0, 1, 29_802),
  fc.array(fc.constantFrom(...knownNames)),
  fc.array(
    fc.record({ key: fc.string(), operator: fc.constantFrom('Exists', 'Equal', 'x'), value: fc.string() }),
  ),
);
const keys = ['nodes', 'image', 'agents', 'probe', 'run', 'only', 'namespace', '__proto__', 'constructor'];
const inner = [
  'selector',
  'exclude',
  'ports',
  'resources',
  'tolerations',
  'timeout',
  'deadline',
  'attempts',
  '__proto__',
];
const anyTree = fc.dictionary(
  fc.constantFrom(...keys),
  fc.oneof(value, fc.dictionary(fc.constantFrom(...inner), value)),
);

test('whatever a layer holds, every mistake is said and what is left of it is sound', () => {
  fc.assert(
    fc.property(anyTree, (tree) => {
      const { sound, broken, problems } = examine(tree, () => 'here', schema);
      expect(problems).toHaveLength(broken.length);
      expect(problems.length > 0).toBe(!schema.safeParse(tree).success);
      expect(schema.safeParse(sound).error).toBeUndefined();
    }),
  );
});

test('no problem shows more than a line of what came', () => {
  const { problems } = examine({ namespace: 'x'.repeat(5000) }, () => 'here', schema);
  expect(problems[0]?.message.length).toBeLessThan(200);
});
