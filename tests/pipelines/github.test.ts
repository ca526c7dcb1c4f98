// GitHub's own parser reads the action and the workflow; actionlint looks into their expressions and scripts; the
// script is run by bash as GitHub calls it.
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { githubParser, runGithub } from './github.ts';
import { pipelineLint } from './lint.ts';
import { complaintsAboutResults } from './results.ts';
import { outcomes, pipelineFile } from './workspace.ts';

const action = await pipelineFile('github/action.yml');
const workflow = await pipelineFile('github/workflow.yml');
const { inputs, runs } = parse(action);
const step = runs.steps.find((one: { id?: string }) => one.id === 'netaccept');

describe('GitHub’s own parser', async () => {
  const complaints = await githubParser();

  test('takes the action and the workflow', () => {
    expect(complaints.action(action)).toEqual([]);
    expect(complaints.workflow(workflow)).toEqual([]);
  });

  test('is really asked: a misspelt key is refused', () => {
    expect(complaints.action(action.replace('using:', 'use:')).join()).toContain("'use'");
    expect(complaints.workflow(workflow.replace('runs-on:', 'run-on:')).join()).toContain("'run-on'");
  });
});

describe('actionlint', () => {
  test('has no complaint about the example in a repository that has the action', async () => {
    const { said, exitCode } = await actionlint(workflow);
    expect([said, exitCode]).toEqual(['', 0]);
  });

  test('has none about the action’s steps, taken for those of a reusable workflow with its inputs', async () => {
    const { said, exitCode } = await actionlint(asReusableWorkflow(action));
    expect([said, exitCode]).toEqual(['', 0]);
  });

  test('is really asked: an input and an output that do not exist are found', async () => {
    const { said } = await actionlint(workflow.replace('kubeconfig:', 'kube-config:'));
    expect(said).toContain('input "kube-config" is not defined in action "netaccept"');
    expect(
      (await actionlint(asReusableWorkflow(action.replace('inputs.package', 'inputs.pkg')))).said,
    ).toContain('property "pkg" is not defined');
  });
});

test('every input reaches the script as a variable and is not part of it', () => {
  expect(step.run).not.toContain('${{');
  const used = JSON.stringify(runs.steps);
  for (const name of Object.keys(inputs)) expect(used).toContain(`\${{ inputs.${name} }}`);
});

test('the results are uploaded whatever happens', () => {
  const last = runs.steps.at(-1);
  expect(last).toMatchObject({ if: 'always()', with: { path: 'netaccept-results/' } });
  expect(last.uses).toMatch(/^actions\/upload-artifact@/);
});

const VERDICTS = ['passed', 'failed', 'undecided', 'not-run'];

test.each(await outcomes())('exit code %i: outputs, job summary, results', async (code, env) => {
  const { exitCode, said, folder, output, summary } = await runGithub({ arguments: '--only tcp' }, env);
  expect(said).toContain('netaccept check --out netaccept-results --only tcp\n');
  expect(exitCode).toBe(code);
  expect(output).toBe(`exit-code=${code}\nverdict=${VERDICTS[code]}\n`);
  expect(summary).toBe(await readFile(join(folder, 'netaccept-results', 'summary.md'), 'utf8'));
  expect(await complaintsAboutResults(folder, 'netaccept-results/junit*.xml')).toEqual([]);
});

test('the kubeconfig of the input is used, and is gone afterwards', async () => {
  // Without a single cluster: the set-up fails, and says what it has read.
  const kubeconfig = 'apiVersion: v1\nkind: Config\ncurrent-context: of-the-secret';
  const { exitCode, said, folder } = await runGithub({ kubeconfig });
  expect(exitCode).toBe(3);
  expect(said).toContain('of-the-secret');
  await expect(readFile(join(folder, 'netaccept-kubeconfig'))).rejects.toThrow('ENOENT');
});

test('a package that npx cannot get is a run that did not happen, not one that failed', async () => {
  const { exitCode, output } = await runGithub({ package: 'netaccept@99.0.0' });
  expect(exitCode).toBe(3);
  expect(output).toContain('verdict=not-run');
});

async function actionlint(content: string) {
  const repository = await mkdtemp(join(tmpdir(), 'netaccept-github-'));
  const files = {
    '.git/HEAD': 'ref: refs/heads/main\n',
    '.github/actions/netaccept/action.yml': action,
    '.github/workflows/netaccept.yml': content,
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(repository, path)), { recursive: true });
    await writeFile(join(repository, path), text);
  }
  // Shellcheck is not asked: whether a machine has it must not decide what is green.
  const options = ['-shellcheck=', '-pyflakes=', '-no-color'];
  return pipelineLint('actionlint', ...options, join(repository, '.github/workflows/netaccept.yml'));
}

/** actionlint has no eyes for an action's steps; a reusable workflow's inputs are the same context. */
function asReusableWorkflow(text: string): string {
  const { inputs: declared, runs: steps } = parse(text);
  const typed = Object.entries<object>(declared).map(([name, one]) => [name, { ...one, type: 'string' }]);
  return stringify({
    on: { workflow_call: { inputs: Object.fromEntries(typed) } },
    jobs: { action: { 'runs-on': 'ubuntu-latest', steps: steps.steps } },
  });
}
