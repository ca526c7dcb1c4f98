import type { ExitCode } from '../model.ts';
import { diffJson, diffText } from '../report/diff.ts';
import { diffRuns } from '../suite/diff.ts';
import type { DiffFlags } from './commands/diff.ts';
import { colour, print, width } from './print.ts';

export async function diff(before: string, after: string, { json, force }: DiffFlags): Promise<ExitCode> {
  const found = await diffRuns(before, after, force === true);
  const text = json === true ? diffJson(found) : diffText(found, { colour: colour(), width: width() });
  print(text.trimEnd());
  return found.exitCode;
}
