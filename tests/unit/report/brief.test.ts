import { describe, expect, test } from 'vitest';
import { briefLine, briefOf, briefText } from '../../../src/report/brief.ts';
import { isHeadline } from '../../../src/report/summary-headline.ts';
import { allPairs, caseOf, failed, NODES, passed, RESULTS, result } from './results.ts';

describe.each(Object.entries(RESULTS))('%s', (_, run) => {
  const brief = briefOf(run);

  test.each([200, 1000, 4096])('fits %d bytes, begins with the verdict, no name breaks a line', (bytes) => {
    const text = briefText(brief, bytes);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(bytes);
    expect(isHeadline(text)).toBe(true);
    const lines = text.split('\n');
    expect(lines.length).toBeLessThanOrEqual(2 + brief.reasons.length);
    for (const line of lines.slice(2)) expect(line).toMatch(/^(\d+\. |… and \d+ more$)/);
    expect(text).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
  });

  test('is one line of at most 1000 bytes for an Event', () => {
    const line = briefLine(brief, 1000);
    expect(Buffer.byteLength(line)).toBeLessThanOrEqual(1000);
    expect(line).not.toContain('\n');
    expect(line.startsWith(brief.verdict.slice(0, 20))).toBe(true);
  });
});

test('what is broken stands behind the verdict, with what to do next', () => {
  const text = briefText(briefOf(RESULTS['one-way-fault']), 4096);
  expect(text).toMatch(
    /^FAILED \(exit 1\): 4 of \d+ cases failed\ncluster demo, .*run a1b2c3d4\n1\. .*worker-1.*worker-2/,
  );
});

test('a case in no finding is named, because nothing else says what failed', () => {
  const entry = caseOf('worker-1', 'worker-2');
  const verdicts = allPairs(NODES, (one) => (one.id === entry.id ? failed(one) : passed(one)));
  const lonely = result({ verdicts, exitCode: 1, diagnosis: { findings: [], unexplained: [entry.id] } });
  expect(briefOf(lonely).reasons).toEqual([
    expect.stringMatching(
      /^1 case in no finding, such as pod-to-pod\/tcp\/v4 worker-1 → worker-2: no answer from/,
    ),
  ]);
});

test('a run that was not set up says why', () => {
  const text = briefText(briefOf(RESULTS['set-up-failed']), 4096);
  expect(text).toContain(
    '1. GET https://127.0.0.1:6443/version: connect ECONNREFUSED (is it up?)\n2. probe.attempts',
  );
});

test('what does not fit is counted, whole lines only', () => {
  const reasons = ['a'.repeat(60), 'b'.repeat(60), 'c'];
  const brief = { verdict: 'FAILED (exit 1): 9', facts: 'run x', reasons };
  expect(briefText(brief, 110)).toBe(`FAILED (exit 1): 9\nrun x\n1. ${'a'.repeat(60)}\n… and 2 more`);
  expect(briefText({ ...brief, verdict: '節'.repeat(10), reasons: [] }, 20)).toBe('節節節節節…');
});
