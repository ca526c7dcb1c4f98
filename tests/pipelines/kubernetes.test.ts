// Tekton's and Argo's objects by their own validation; what they start is run as they would start it.
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { lint } from './lint.ts';
import { complaintsAboutResults } from './results.ts';
import { runTekton } from './tekton.ts';
import { jobEnvironment, outcomes, pipelineFile, runIn, workspace } from './workspace.ts';

const TASK = 'tekton/task.yaml';
const WORKFLOW = 'argo-workflows/workflow-template.yaml';
const HOOK = 'argo-cd/post-sync.yaml';
const VERDICTS = ['passed', 'failed', 'undecided', 'not-run'];

describe('their own validation', () => {
  test.each([TASK, WORKFLOW])('%s: no complaint', async (path) => {
    const { said, exitCode } = await lint(await pipelineFile(path));
    expect([said, exitCode]).toEqual(['', 0]);
  });

  test.each([
    [TASK, 'onError: continue', 'onEror: continue', 'unknown field "spec.steps[0].onEror"'],
    [TASK, 'onError: continue', 'onerror: continue', 'unknown field "spec.steps[0].onerror"'],
    [TASK, 'onError: continue', 'onError: proceed', 'onError'],
    [TASK, '$(params.kubeconfig)', '$(params.kubeconfg)', 'kubeconfg'],
    [
      WORKFLOW,
      'command: [netaccept]',
      'comand: [netaccept]',
      'unknown field "spec.templates[0].container.comand"',
    ],
    [WORKFLOW, 'parameters.only', 'parameters.onli', 'workflow.parameters.onli'],
    [WORKFLOW, 'concurrencyPolicy', 'concurencyPolicy', 'unknown field "spec.concurencyPolicy"'],
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
  const [, verdict] = spec.steps;

  test.each(await outcomes())(
    'exit code %i ends the Task, after results and verdict are there',
    async (code, env) => {
      const { exitCode, said, folder, junit, script } = await runTekton(['--only', 'tcp'], env);
      expect(said).toContain('netaccept check --out workspace/netaccept --only tcp\n');
      expect(await complaintsAboutResults(folder, junit)).toEqual([]);
      expect(script).not.toContain('$(');
      expect(script).toMatch(/^#!\/usr\/bin\/node\n/);
      expect(exitCode).toBe(code);
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
    // One command for both.
    const { command, args } = workflow;
    expect([container.command, container.args]).toEqual([command, args]);
    const folder = await workspace();
    const here = args.map((argument: string) => argument.replace(/^\//, `${folder}/`));
    const { exitCode } = await runIn(folder, [...command, ...here], jobEnvironment(folder, env));
    expect(exitCode).toBe(code);
    expect(await complaintsAboutResults(folder, 'results/netaccept/junit*.xml')).toEqual([]);
    for (const { path } of outputs.artifacts) expect(existsSync(`${folder}${path}`), path).toBe(true);
    expect(outputs.artifacts).toHaveLength(3);
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
