// A cluster has few kinds of case, and many of each: what is the same for many is worked out once.
import type { CaseVerdict } from '../model.ts';
import { type Membership, type Scope, scopesOf, type ZoneOf } from './scopes.ts';
import { type Trait, traitsOf } from './traits.ts';

/** Cases with the same traits, counted together. */
export interface Kind {
  traits: readonly Trait[];
  keys: ReadonlySet<string>;
}

export function kindsCache(): (verdict: CaseVerdict) => Kind {
  const kinds = new Map<string, Kind>();
  return ({ case: entry }) => {
    const { path, check, family, locality, about } = entry;
    const key = `${path} ${check} ${family} ${locality} ${about === undefined ? '' : JSON.stringify(about)}`;
    const known = kinds.get(key);
    if (known !== undefined) return known;
    const traits = traitsOf(entry);
    const kind = { traits, keys: new Set(traits.map((trait) => trait.key)) };
    kinds.set(key, kind);
    return kind;
  };
}

export interface Place extends Membership {
  key: string;
}

/** A way between two Nodes has many cases, by check and family, that all lie in the same scopes. */
export function placesCache(zoneOf: ZoneOf): (verdict: CaseVerdict) => readonly Place[] {
  const places = new Map<string, readonly Place[]>();
  return (verdict) => {
    const { path, source, target } = verdict.case;
    const way = `${path} ${verdict.arrival ?? ''} ${source.node} ${target.node ?? ''}`;
    const known = places.get(way);
    if (known !== undefined) return known;
    const fresh = scopesOf(verdict, zoneOf).map((one) => ({ ...one, key: keyOf(one.scope) }));
    places.set(way, fresh);
    return fresh;
  };
}

export function keyOf({ kind, nodes }: Scope): string {
  return `${kind} ${nodes.join(' ')}`;
}
