import { closestMatch } from 'leven';

/** `; did you mean "x"?`, or nothing where no candidate is close enough to be more than a guess. */
export function didYouMean(came: unknown, candidates: readonly string[]): string {
  if (typeof came !== 'string') return '';
  // Two swapped letters are a distance of 2; in three letters that would be a guess.
  const maxDistance = came.length < 4 ? 1 : Math.max(2, Math.floor(came.length / 4));
  const nearest = [came, came.toLowerCase()]
    .map((written) => closestMatch(written, candidates, { maxDistance }))
    .find((candidate) => candidate !== undefined);
  return nearest === undefined ? '' : `; did you mean "${nearest}"?`;
}
