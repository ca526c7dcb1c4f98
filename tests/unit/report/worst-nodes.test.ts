import fc from 'fast-check';
import { expect, test } from 'vitest';
import { worstNodes } from '../../../src/report/worst-nodes.ts';
import { allPairs, errored, failed, passed } from './results.ts';

test('no node is counted twice or lost, and only the limit leaves a bad case without one of the worst', () => {
  const kinds = fc.array(fc.constantFrom(passed, passed, passed, failed, errored), {
    minLength: 25,
    maxLength: 25,
  });
  fc.assert(
    fc.property(kinds, fc.integer({ min: 1, max: 6 }), (drawn, limit) => {
      let at = 0;
      const verdicts = allPairs(['a', 'b', 'c', 'd', 'e'], (entry) => (drawn[at++ % 25] ?? passed)(entry));
      const bad = verdicts.filter(({ verdict }) => verdict !== 'passed').map((entry) => entry.case);
      const { worst, others, more } = worstNodes(verdicts, limit);
      const troubled = new Set(bad.flatMap(({ source, target }) => [source.node, target.name]));
      expect(new Set(worst).size).toBe(worst.length);
      expect(worst.length + others + more).toBe(troubled.size);
      const open = bad.filter(
        ({ source, target }) => !worst.includes(source.node) && !worst.includes(target.name),
      );
      expect(new Set(open.flatMap(({ source, target }) => [source.node, target.name])).size).toBe(more);
      if (more > 0) expect(worst).toHaveLength(limit);
    }),
  );
});
