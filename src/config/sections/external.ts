import { targetEntry } from './target.ts';

export const externalEntry = targetEntry('no nodes');
