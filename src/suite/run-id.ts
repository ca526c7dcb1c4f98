/**
 * `2026-11-20T09-41-07Z-3fa9c2`: sorts by time, and every file system takes it. `salt` keeps two runs of the
 * same second apart: the id is also the name under which a run holds the cluster's lock.
 */
export function runId(now: Date, salt: string): string {
  return `${now
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '-')}-${salt}`;
}
