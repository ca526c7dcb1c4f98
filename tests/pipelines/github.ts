// The action's own script, and GitHub's parser of workflows and actions.
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { parse } from 'yaml';
import { jobEnvironment, pipelineFile, ROOT, runIn, type StageRun, workspace } from './workspace.ts';

type Parser = Pick<typeof import('@actions/workflow-parser'), 'NoOperationTraceWriter' | 'parseWorkflow'> &
  Pick<typeof import('@actions/workflow-parser/actions/action-parser'), 'parseAction'>;

const EXPORTS = `
  export { NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';
  export { parseAction } from '@actions/workflow-parser/actions/action-parser';
`;

export interface GithubParser {
  /** Its complaints about the text of an action.yml. */
  action(content: string): string[];
  workflow(content: string): string[];
}

/** It imports its schemas as bundlers allow it and Node does not, so it is bundled first. */
export async function githubParser(): Promise<GithubParser> {
  const outfile = join(await mkdtemp(join(tmpdir(), 'netaccept-parser-')), 'parser.mjs');
  const stdin = { contents: EXPORTS, resolveDir: ROOT };
  await build({ stdin, outfile, bundle: true, platform: 'node', format: 'esm', logLevel: 'error' });
  const { NoOperationTraceWriter, parseAction, parseWorkflow } = (await import(outfile)) as Parser;
  const complaints = (parse: typeof parseAction) => (content: string) =>
    parse({ name: 'file.yml', content }, new NoOperationTraceWriter()).context.errors.getErrors().map(String);
  return { action: complaints(parseAction), workflow: complaints(parseWorkflow) };
}

interface GithubRun extends StageRun {
  output: string;
  summary: string;
}

/** The step `netaccept` with these inputs, as GitHub runs `shell: bash`, in a fresh workspace. */
export async function runGithub(
  given: Record<string, string>,
  env: Record<string, string> = {},
): Promise<GithubRun> {
  const { inputs, runs } = parse(await pipelineFile('github/action.yml'));
  const step = runs.steps.find((one: { id?: string }) => one.id === 'netaccept');
  const folder = await workspace();
  const files = { GITHUB_OUTPUT: join(folder, 'output'), GITHUB_STEP_SUMMARY: join(folder, 'summary') };
  const script = join(folder, 'script.sh');
  await writeFile(script, step.run);
  const variables = Object.entries<string>(step.env).map(([name, expression]) => {
    const input = /^\$\{\{ inputs\.([a-z-]+) \}\}$/.exec(expression)?.[1] ?? '';
    return [name, given[input] ?? inputs[input].default];
  });
  const ran = await runIn(folder, ['bash', '--noprofile', '--norc', '-eo', 'pipefail', script], {
    ...jobEnvironment(folder, env),
    ...files,
    ...Object.fromEntries(variables),
    RUNNER_TEMP: folder,
  });
  const read = (path: string) => readFile(path, 'utf8').catch(() => '');
  return {
    ...ran,
    folder,
    junit: `${runs.steps.at(-1).with.path}junit*.xml`,
    output: await read(files.GITHUB_OUTPUT),
    summary: await read(files.GITHUB_STEP_SUMMARY),
  };
}
