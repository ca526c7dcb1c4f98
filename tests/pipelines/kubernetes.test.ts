// Tekton's and Argo's objects by their own validation; what they start is run as they would start it.
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { BUILD_MS, pipelineLint } from './lint.ts';
import { complaintsAboutResults } from './results.ts';
import { jobEnvironment, outcomes, pipelineFile, runIn, workspace } from './workspace.ts';

const TASK = 'tekton/task.yaml';
const WORKFLOW = 'argo-workflows/workflow-template.yaml';
const HOOK = 'argo-cd/post-sync.yaml';
const VERDICTS = ['passed', 'failed', 'undecided', 'not-run'];

describe('their own validation', { timeout: BUILD_MS }, () => {
  test.each([TASK, WORKFLOW])('%s: no complaint', async (path) => {
    const { said, exitCode } = await lint(await pipelineFile(path));
    expect([said, exitCode]).toEqual(['', 0]);
  });

  test.each([
    [TASK, 'onError: continue', 'onEror: continue', 'unknown field "onEror"'],
    [TASK, 'onError: continue', 'onError: proceed', 'onError'],
    [TASK, '$(params.kubeconfig)', '$(params.kubeconfg)', 'kubeconfg'],
    [WORKFLOW, 'command: [netaccept]', 'comand: [netaccept]', 'unknown field "comand"'],
    [WORKFLOW, 'parameters.only', 'parameters.onli', 'workflow.parameters.onli'],
    [WORKFLOW, 'concurrencyPolicy', 'concurencyPolicy', 'unknown field "concurencyPolicy"'],
    [WORKFLOW, '0 3 * * *', '0 3 * *', 'cron'],
  ])('%s: is really asked: %s → %s', async (path, right, wrong, complaint) => {
    const text = await pipelineFile(path);
    expect(text).toContain(right);
    const { said, exitCode } = await lint(text.replace(right, wrong));
    expect(said).toContain(complaint);
    expect(exitCode).toBe(1);
  });
});

describe('Tekton', async () => {
  const { spec } = parse(await pipelineFile(TASK));
  const [check, verdict] = spec.steps;

  test.each(await outcomes())(
    'exit code %i ends the Task, after results and verdict are there',
    async (code, env) => {
      const folder = await workspace();
      const given: Record<string, string[]> = { command: ['check'], arguments: ['--only', 'tcp'] };
      const args = check.args.flatMap((argument: string) => {
        const list = /^\$\(params\.(\w+)\[\*\]\)$/.exec(argument)?.[1];
        return list === undefined
          ? [argument.replace('$(workspaces.results.path)', 'workspace')]
          : (given[list] ?? []);
      });
      const first = await runIn(folder, [...check.command, ...args], jobEnvironment(folder, env));
      expect(first.said).toContain('netaccept check --out workspace/netaccept --only tcp\n');
      expect(first.exitCode).toBe(code);
      expect(await complaintsAboutResults(folder, 'workspace/netaccept/junit*.xml')).toEqual([]);

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
      expect(script).not.toContain('$(');
      expect(script).toMatch(/^#!\/usr\/bin\/node\n/);
      await writeFile(join(folder, 'script'), script);
      const last = await runIn(folder, ['node', 'script'], jobEnvironment(folder));
      expect(last.exitCode).toBe(code);
      expect(await readFile(join(folder, 'code'), 'utf8')).toBe(String(code));
      expect(await readFile(join(folder, 'verdict'), 'utf8')).toBe(VERDICTS[code]);
    },
  );

  test('a first step that left no exit code does not end in success', async () => {
    const folder = await workspace();
    await writeFile(join(folder, 'script'), verdict.script);
    expect((await runIn(folder, ['node', 'script'], jobEnvironment(folder))).exitCode).not.toBe(0);
  });
});

describe('Argo Workflows and Argo CD', async () => {
  const [template] = parseAllDocuments(await pipelineFile(WORKFLOW)).map((document) => document.toJS());
  const hook = parse(await pipelineFile(HOOK));
  const [{ container: workflow, outputs }] = template.spec.templates;
  const [container] = hook.spec.template.spec.containers;

  test.each((await outcomes()).slice(0, 2))('exit code %i is the container’s', async (code, env) => {
    for (const { command, args } of [workflow, container]) {
      const folder = await workspace();
      const here = args.map((argument: string) => argument.replace(/^\//, `${folder}/`));
      const { exitCode } = await runIn(folder, [...command, ...here], jobEnvironment(folder, env));
      expect(exitCode).toBe(code);
      expect(await complaintsAboutResults(folder, 'results/netaccept/junit*.xml')).toEqual([]);
      const kept = outputs.artifacts.map(({ path }: { path: string }) => path);
      expect(kept).toEqual(
        ['summary.md', 'junit.xml', ''].map((name) => join('/results/netaccept', name).replace(/\/$/, '')),
      );
    }
  });

  test('the hook is one of PostSync, is never tried twice, and its log stays until the next sync', () => {
    expect(hook.metadata.annotations).toEqual({
      'argocd.argoproj.io/hook': 'PostSync',
      'argocd.argoproj.io/hook-delete-policy': 'BeforeHookCreation',
    });
    expect(hook.spec.backoffLimit).toBe(0);
    expect(hook.spec.template.spec.restartPolicy).toBe('Never');
  });
});

async function lint(text: string) {
  const file = join(await mkdtemp(join(tmpdir(), 'netaccept-objects-')), 'objects.yaml');
  await writeFile(file, text);
  return pipelineLint('objects', file);
}
