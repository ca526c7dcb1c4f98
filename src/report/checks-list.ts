import type { Check } from '../checks/shared/check.ts';
import { wrapped } from './layout.ts';

type Described = Pick<Check, 'name' | 'title' | 'proof' | 'runs' | 'paths'>;

/** `netaccept checks`: every check with what it does, what a pass is worth, when it runs and on which paths. */
export function checksText(checks: readonly Described[], width: number): string {
  return checks
    .flatMap(({ name, title, proof, runs, paths }) => [
      ...wrapped(`${name}: ${title}`, width),
      ...wrapped(`a pass is worth: ${proof}`, width, '  '),
      ...wrapped(`runs ${runs}`, width, '  '),
      ...wrapped(`paths: ${paths.join(', ')}`, width, '  '),
    ])
    .join('\n');
}

/** The README's table. `counts` says how many cases each check has in the cluster that the heading names. */
export function checksTable(
  checks: readonly Described[],
  heading: string,
  counts: ReadonlyMap<string, number>,
): string {
  const rows = checks.map(({ name, title, proof, runs }) => [
    `\`${name}\``,
    title,
    proof,
    runs,
    String(counts.get(name) ?? 0),
  ]);
  return [['check', 'does', 'a pass is worth', 'runs', heading], ['---', '---', '---', '---', '--:'], ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}
