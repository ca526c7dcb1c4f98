import type { CaseVerdict } from '../model.ts';
import { type Kind, keyOf, kindsCache, type Place, placesCache } from './kinds.ts';
import type { Scope, ZoneOf } from './scopes.ts';
import type { Trait } from './traits.ts';

/** A hypothesis: everything in this scope with this trait fails. */
export interface Candidate {
  scope: Scope;
  trait: Trait;
  /** Cases that failed in it, and how many of them no finding explains yet. */
  failed: number;
  left: number;
  /** Cases that passed although it says they should not, or failed in another direction than it says. */
  passed: number;
  /** Of those that failed, how many have their target's own word for it. */
  told: number;
}

/** Hypotheses about failed cases, and what each would explain. */
export interface Candidates {
  /** Of every scope, the hypothesis that `isBetter` than its others; undefined is worse than any. */
  best(): Candidate | undefined;
  /** Takes what `candidate` explains out of what is left, and returns it. */
  explain(candidate: Candidate): CaseVerdict[];
  /** Takes these out of what is left: something else explains them. */
  remove(verdicts: readonly CaseVerdict[]): void;
}

interface Tally {
  failed: number;
  left: number;
  passed: number;
  told: number;
}

interface Room {
  scope: Scope;
  kinds: Map<Kind, Tally>;
  /** Of the hypotheses about this scope; stale when undefined. */
  best: { candidate: Candidate | undefined } | undefined;
}

/** The cost is linear in the cases, and small per scope and kind: 320 000 cases take seconds. */
export function candidatesFor(
  failing: readonly CaseVerdict[],
  passing: readonly CaseVerdict[],
  zoneOf: ZoneOf,
  isBetter: (candidate: Candidate, than: Candidate | undefined) => boolean,
): Candidates {
  const kindOf = kindsCache();
  const placesOf = placesCache(zoneOf);
  const rooms = new Map<string, Room>();
  const left = new Set(failing);
  for (const verdict of failing) {
    const kind = kindOf(verdict);
    for (const place of placesOf(verdict)) {
      const { says } = place;
      const tally = tallyIn(roomOf(rooms, place), kind);
      if (says === 'against') tally.passed += 1;
      else {
        tally.failed += 1;
        tally.left += 1;
        if (says === 'for') tally.told += 1;
      }
    }
  }
  for (const verdict of rooms.size === 0 ? [] : passing) {
    const kind = kindOf(verdict);
    for (const { key } of placesOf(verdict)) {
      const room = rooms.get(key);
      if (room !== undefined) tallyIn(room, kind).passed += 1;
    }
  }
  return {
    best() {
      let best: Candidate | undefined;
      for (const room of rooms.values()) {
        room.best ??= { candidate: bestIn(room, isBetter) };
        const { candidate } = room.best;
        if (candidate !== undefined && isBetter(candidate, best)) best = candidate;
      }
      return best;
    },
    explain({ scope, trait }) {
      const wanted = keyOf(scope);
      const explained: CaseVerdict[] = [];
      for (const verdict of left) {
        const kind = kindOf(verdict);
        if (!kind.keys.has(trait.key)) continue;
        if (!placesOf(verdict).some(({ key, says }) => key === wanted && says !== 'against')) continue;
        explained.push(verdict);
      }
      remove(explained);
      return explained;
    },
    remove,
  };

  function remove(verdicts: readonly CaseVerdict[]): void {
    for (const verdict of verdicts) {
      const kind = kindOf(verdict);
      left.delete(verdict);
      for (const { key, says } of placesOf(verdict)) {
        const room = rooms.get(key);
        if (room === undefined || says === 'against') continue;
        tallyIn(room, kind).left -= 1;
        room.best = undefined;
      }
    }
  }
}

function bestIn(
  { scope, kinds }: Room,
  isBetter: (candidate: Candidate, than: Candidate | undefined) => boolean,
): Candidate | undefined {
  const candidates = new Map<string, Candidate>();
  for (const [{ traits }, tally] of kinds) {
    for (const trait of traits) {
      const known = candidates.get(trait.key);
      if (known === undefined) candidates.set(trait.key, { scope, trait, ...tally });
      else {
        known.failed += tally.failed;
        known.left += tally.left;
        known.passed += tally.passed;
        known.told += tally.told;
      }
    }
  }
  let best: Candidate | undefined;
  for (const candidate of candidates.values()) if (isBetter(candidate, best)) best = candidate;
  return best;
}

function roomOf(rooms: Map<string, Room>, { key, scope }: Place): Room {
  const known = rooms.get(key);
  if (known !== undefined) return known;
  const room: Room = { scope, kinds: new Map(), best: undefined };
  rooms.set(key, room);
  return room;
}

function tallyIn({ kinds }: Room, kind: Kind): Tally {
  const known = kinds.get(kind);
  if (known !== undefined) return known;
  const tally = { failed: 0, left: 0, passed: 0, told: 0 };
  kinds.set(kind, tally);
  return tally;
}
