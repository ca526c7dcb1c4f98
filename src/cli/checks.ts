import { checks, pathNames } from '../checks/registry.ts';
import { checksText } from '../report/checks-list.ts';
import { print, width } from './print.ts';

export function listChecks(): void {
  print(`${checksText(checks, width())}\n\nPaths: ${pathNames.join(' ')}`);
}
