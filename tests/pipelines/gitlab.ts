// A project that includes the template, as GitLab would see it.
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { jobEnvironment, pipelineFile, runIn, type StageRun, workspace } from './workspace.ts';

const require = createRequire(import.meta.url);

interface GitlabJob {
  stage: string;
  image: { name: string };
  script: string[];
  after_script: string[];
  artifacts: { when: string; paths: string[]; reports: { junit: string } };
}

type GitlabJobs = Record<string, GitlabJob | undefined>;

/** The job's script, as a runner whose image has only sh runs it. */
export async function runGitlab(args: string, env: Record<string, string>): Promise<StageRun> {
  const { netaccept: job } = await gitlabJob(await pipelineFile('gitlab/netaccept.yml'), { arguments: args });
  if (job === undefined) throw new Error('no job netaccept');
  const folder = await workspace();
  const ran = await runIn(folder, ['sh', '-ec', job.script.join('\n')], jobEnvironment(folder, env));
  return { ...ran, folder, junit: job.artifacts.reports.junit };
}

/** The jobs of a project that includes the template with these inputs. */
export function gitlabJob(template: string, inputs: Record<string, string> = {}): Promise<GitlabJobs> {
  return gitlabJobs(template, stringify({ include: [{ local: 'ci/netaccept.yml', inputs }] }));
}

/** Jobs by name, inputs put in, of a project with this .gitlab-ci.yml. Throws with the complaints of GitLab's schema. */
export async function gitlabJobs(template: string, including: string): Promise<GitlabJobs> {
  const project = await mkdtemp(join(tmpdir(), 'netaccept-gitlab-'));
  await mkdir(join(project, 'ci'));
  await writeFile(join(project, 'ci', 'netaccept.yml'), template);
  await writeFile(join(project, '.gitlab-ci.yml'), including);
  const env = jobEnvironment(project);
  await runIn(project, ['git', 'init', '--quiet', '.'], env);
  await runIn(project, ['git', 'add', '--all'], env);
  const program = require.resolve('gitlab-ci-local');
  const { exitCode, stdout, said } = await runIn(project, [process.execPath, program, '--preview'], env);
  if (exitCode !== 0) throw new Error(said);
  const { stages, ...jobs } = parse(stdout);
  return jobs;
}
