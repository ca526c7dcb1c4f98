// The Jenkinsfile run by the Groovy that Jenkins has. Jenkins' own steps are stand-ins (jenkins.groovy), but `sh` is real.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { groovy } from './groovy.ts';
import { jobEnvironment, pipelineFile, ROOT, runIn, type StageRun, workspace } from './workspace.ts';

const STEPS = join(ROOT, 'tests', 'pipelines', 'jenkins.groovy');

/** What Jenkins would know of the build; `result` is none where Groovy did not come to an end. */
interface Build {
  result: string;
  said: string[];
  junit: { testResults: string }[];
  archived: { artifacts: string }[];
}

const NONE: Build = { result: 'none', said: [], junit: [], archived: [] };

/** One build in a fresh workspace; `given`: parameters by name, credentials by id. */
export async function runJenkins(
  given: Record<string, string>,
  env: Record<string, string> = {},
  text?: string,
): Promise<StageRun & { build: Build }> {
  const folder = await workspace();
  await writeFile(join(folder, 'Jenkinsfile'), text ?? (await pipelineFile('jenkins/Jenkinsfile')));
  const named = Object.entries(given).map(([name, value]) => `${name}=${value}`);
  const command = [...(await groovy()), STEPS, 'Jenkinsfile', ...named];
  const ran = await runIn(folder, command, jobEnvironment(folder, env));
  const build = ran.exitCode === 0 ? (JSON.parse(ran.stdout) as Build) : NONE;
  return { ...ran, folder, build, junit: build.junit[0]?.testResults ?? '' };
}
