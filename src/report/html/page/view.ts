import type { Route } from './route.ts';
import type { Run } from './run.ts';

/** One screen of the page. Made once, when it is first gone to; `update` whenever the link changes. */
export interface View {
  element: HTMLElement;
  update(route: Route): void;
}

export type MakeView = (run: Run) => View;
