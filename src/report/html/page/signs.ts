import type { Mark } from '../format.ts';

/** A verdict without its colour. */
export const SIGNS: Record<Mark, string> = {
  failed: '✕',
  errored: '?',
  flaky: '~',
  passed: '·',
  skipped: '–',
};

export const MARK_WORDS: Record<Mark, string> = {
  failed: 'failed',
  errored: 'could not be judged',
  flaky: 'passed, but flaky',
  passed: 'passed',
  skipped: 'skipped by a rule',
};

export const CHANGE_WORDS: Record<string, string> = {
  'newly-broken': 'newly broken',
  fixed: 'fixed',
  'still-broken': 'still broken',
  'newly-flaky': 'newly flaky',
  added: 'new',
};
