import type { CaseVerdict, ControlVerdict } from '../model.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of the recorded run that the acceptance modules judge. */
    netacceptRun: string;
  }
  interface TaskMeta {
    netaccept?: JudgedMeta;
  }
}

/** What a test hands to the reporter. Plain JSON: one function in it would lose the whole module. */
type JudgedMeta = { kind: 'case'; verdict: CaseVerdict } | { kind: 'control'; verdict: ControlVerdict };
