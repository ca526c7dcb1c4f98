// The Task's two steps, one after the other, as Tekton would start them.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { jobEnvironment, pipelineFile, runIn, type StageRun, workspace } from './workspace.ts';

/** The exit code is the last step's; `script`: its program, with Tekton's variables put in. */
export async function runTekton(
  given: string[],
  env: Record<string, string>,
): Promise<StageRun & { script: string }> {
  const { spec } = parse(await pipelineFile('tekton/task.yaml'));
  const [check, verdict] = spec.steps;
  const lists: Record<string, string[]> = { command: ['check'], arguments: given };
  const args = check.args.flatMap((argument: string) => {
    const list = /^\$\(params\.(\w+)\[\*\]\)$/.exec(argument)?.[1];
    return lists[list ?? ''] ?? [argument.replace('$(workspaces.results.path)', 'workspace')];
  });
  const folder = await workspace();
  const first = await runIn(folder, [...check.command, ...args], jobEnvironment(folder, env));
  await writeFile(join(folder, 'exitCode'), String(first.exitCode));
  const paths = {
    'steps.step-netaccept.exitCode': 'exitCode',
    'results.exit-code': 'code',
    'results.verdict': 'verdict',
  };
  const script = Object.entries(paths).reduce(
    (text, [name, path]) => text.replaceAll(`$(${name}.path)`, join(folder, path)),
    verdict.script as string,
  );
  await writeFile(join(folder, 'script'), script);
  const last = await runIn(folder, ['node', 'script'], jobEnvironment(folder));
  const said = first.said + last.said;
  return { ...last, said, folder, script, junit: 'workspace/netaccept/junit*.xml' };
}
