import { checkNames, pathNames } from '../checks/registry.ts';

/** What `only` and `skip` may name. */
export const knownNames: readonly string[] = [...checkNames, ...pathNames];
