// The nouns of netaccept. Types only: they import nothing but each other, and every room may import them.
// Each of these values is plain JSON, so that any step of a run can be saved, read back and replayed.
export type * from './model/cluster.ts';
export type * from './model/comparison.ts';
export type * from './model/delivery.ts';
export type * from './model/expected.ts';
export type * from './model/seen.ts';
export type * from './model/settings.ts';
export type * from './model/verdict.ts';
