// The label selector syntax of Kubernetes (equality- and set-based), so that a slip is found here and
// not as a 400 from the API server, or worse: as a selector that quietly selects nothing.
import { text } from './values.ts';

const part = '[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?';
const prefix = '(?=[^/]{1,253}/)[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?/';
const key = `(?:${prefix})?${part}`;
const value = `(?:${part})?`;
const requirement = [
  `!?\\s*${key}`,
  `${key}\\s*(?:==?|!=)\\s*${value}`,
  `${key}\\s+(?:in|notin)\\s*\\(\\s*${value}\\s*(?:,\\s*${value}\\s*)*\\)`,
  `${key}\\s*[<>]\\s*\\d+`,
].join('|');

export const labelSelector = text(
  "a label selector (such as pool=edge,zone in (a,b),!virtual), or '' for all",
  new RegExp(`^\\s*(?:(?:${requirement})\\s*(?:,\\s*(?:${requirement})\\s*)*)?$`),
);
