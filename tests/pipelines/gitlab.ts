// A project that includes the template, as GitLab would see it.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { jobEnvironment, pipelineFile, ROOT, runIn, type StageRun, workspace } from './workspace.ts';

interface GitlabJob {
  stage: string;
  image: { name: string };
  script: string[];
  after_script: string[];
  artifacts: { when: string; paths: string[]; reports: { junit: string } };
}

/** The job's script, as a runner whose image has only sh runs it. */
export async function runGitlab(args: string, env: Record<string, string>): Promise<StageRun> {
  const { netaccept: job } = await gitlabJob(await pipelineFile('gitlab/netaccept.yml'), { arguments: args });
  if (job === undefined) throw new Error('no job netaccept');
  const folder = await workspace();
  const ran = await runIn(folder, ['sh', '-ec', job.script.join('\n')], jobEnvironment(folder, env));
  return { ...ran, folder, junit: job.artifacts.reports.junit };
}

/** Jobs by name, inputs put in. Throws with the complaints of GitLab's schema. */
export async function gitlabJob(
  template: string,
  inputs: Record<string, string> = {},
): Promise<Record<string, GitlabJob | undefined>> {
  const project = await mkdtemp(join(tmpdir(), 'netaccept-gitlab-'));
  await writeFile(join(project, 'netaccept.yml'), template);
  const including = { include: [{ local: 'netaccept.yml', inputs }] };
  await writeFile(join(project, '.gitlab-ci.yml'), stringify(including));
  const env = jobEnvironment(project);
  await runIn(project, ['git', 'init', '--quiet', '.'], env);
  await runIn(project, ['git', 'add', '--all'], env);
  const program = join(ROOT, 'node_modules', '.bin', 'gitlab-ci-local');
  const { exitCode, stdout, said } = await runIn(project, [program, '--preview'], env);
  if (exitCode !== 0) throw new Error(said);
  const { stages, ...jobs } = parse(stdout);
  return jobs;
}
