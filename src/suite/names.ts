import { checkNames } from '../checks/registry.ts';
import { pathNames } from '../checks/shared/pairs.ts';

/** What `only` and `skip` may name. */
export const knownNames: readonly string[] = [...checkNames, ...pathNames];
