/** `2026-11-20T09-41-07Z`: sorts by time, and every file system takes it. */
export function runId(now: Date): string {
  return now
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '-');
}
