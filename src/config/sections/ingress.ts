import { targetEntry } from './target.ts';

export const ingressEntry = targetEntry('nodes');
