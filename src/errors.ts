import type { Problem } from './model.ts';

/**
 * An error whose message a user can act on: what was attempted, on whom, and what to do next.
 * Carries every mistake found, not just the first; the CLI prints them all and exits 3.
 */
export class SetupError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[] | Problem, options?: ErrorOptions) {
    const list = Array.isArray(problems) ? (problems as Problem[]) : [problems as Problem];
    super(list.map((problem) => problem.message).join('\n'), options);
    this.name = 'SetupError';
    this.problems = list;
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
