// The label selector syntax of Kubernetes (equality- and set-based), so that a slip is found here and
// not as a 400 from the API server, or worse: as a selector that quietly selects nothing.
import { text } from './values.ts';

const part = '[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?';
const prefix = '(?=[^/]{1,253}/)[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?/';
const key = `(?:${prefix})?${part}`;
// Never two blanks behind each other that may both be empty: a long run of them would be parted in every way.
const values = `(?:${part}\\s*)?`;
const requirement = [
  `(?:!\\s*)?${key}`,
  `${key}\\s*(?:==?|!=)(?:\\s*${part})?`,
  `${key}\\s+(?:in|notin)\\s*\\(\\s*${values}(?:,\\s*${values})*\\)`,
  `${key}\\s*[<>]\\s*\\d+`,
].join('|');

export const labelSelector = text(
  "a label selector (such as pool=edge,zone in (a,b),!virtual), or '' for all",
  new RegExp(`^\\s*(?:(?:${requirement})\\s*(?:,\\s*(?:${requirement})\\s*)*)?$`),
);
