import { z } from 'zod';
import { whole } from '../values.ts';

const junit = z.strictObject({
  casesPerFile: whole(1, 10_000_000)
    .prefault(20_000)
    .describe('Testcases per file: junit.xml, then junit-2.xml and so on. Let your CI collect junit*.xml.'),
  groupAbove: whole(0, 10_000_000)
    .prefault(100_000)
    .describe(
      'In a run of more cases, those that passed are one testcase per check, path, family and source Node.\n All others keep their own. 0: never.',
    ),
  textLimit: whole(200, 10_000_000)
    .prefault(10_000)
    .describe("Characters of a testcase's text; what is longer is cut and says so."),
});

export const reportSection = z.strictObject({
  junit: junit.prefault({}).describe('JUnit, for runs that are too large for a CI to read in one piece.'),
});
