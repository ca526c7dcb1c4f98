// The Jenkinsfile, parsed and run by the Groovy that Jenkins has. Jenkins' own steps are stand-ins, but `sh` is real.
import { expect, test } from 'vitest';
import { runJenkins } from './jenkins.ts';
import { complaintsAboutResults } from './results.ts';
import { outcomes, pipelineFile } from './workspace.ts';

const jenkinsfile = await pipelineFile('jenkins/Jenkinsfile');

test.each(await outcomes())('exit code %i: the build’s result, and what it keeps', async (code, env) => {
  const given = { ARGUMENTS: '--only tcp', 'netaccept-kubeconfig': env.KUBECONFIG ?? '/dev/null' };
  const { said, folder, junit, build } = await runJenkins(given, env);
  expect(said).toContain('netaccept check --out netaccept-results --only tcp\n');
  expect([build.result, ...build.said]).toEqual(
    [
      ['SUCCESS'],
      ['FAILURE', 'netaccept: exit code 1'],
      ['UNSTABLE', 'netaccept: nothing failed, but not every case could be judged'],
      ['FAILURE', 'netaccept: exit code 3'],
    ][code],
  );
  expect(build.archived).toMatchObject([{ artifacts: 'netaccept-results/**' }]);
  expect(build.junit).toHaveLength(1);
  expect(await complaintsAboutResults(folder, junit)).toEqual([]);
});

test('the nightly variant is a choice of its parameter', async () => {
  const [, [, env]] = (await outcomes()) as [unknown, [number, Record<string, string>]];
  const { said, build } = await runJenkins({ COMMAND: 'results --last' }, env);
  expect(said).toContain('netaccept results --last --out netaccept-results\n');
  expect(build.result).toBe('FAILURE');
});

test('Groovy is really asked: a brace too few, and a step that nobody has, are refused', async () => {
  expect((await runJenkins({}, {}, jenkinsfile.replace(/}\s*$/, ''))).said).toContain(
    'MultipleCompilationErrors',
  );
  expect((await runJenkins({}, {}, jenkinsfile.replace('junit ', 'jUnit '))).said).toContain(
    'No signature of method',
  );
});
