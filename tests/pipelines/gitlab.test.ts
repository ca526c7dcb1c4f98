// The template, included as a project would: gitlab-ci-local checks it against GitLab's own schema and puts the inputs
// in; the script that comes out is run by sh.
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { gitlabJob, runGitlab } from './gitlab.ts';
import { complaintsAboutResults } from './results.ts';
import { jobEnvironment, outcomes, pipelineFile, runIn, workspace } from './workspace.ts';

const TEMPLATE = 'gitlab/netaccept.yml';

test('with its defaults it is a job of stage test that keeps its results whatever happens', async () => {
  const jobs = await gitlabJob(await pipelineFile(TEMPLATE));
  expect(Object.keys(jobs)).toEqual(['netaccept']);
  expect(jobs.netaccept).toMatchObject({
    stage: 'test',
    artifacts: {
      when: 'always',
      paths: ['netaccept-results/'],
      reports: { junit: 'netaccept-results/junit*.xml' },
    },
  });
});

test('every input has its place, so that one project can have two jobs', async () => {
  const inputs = {
    job: 'nightly results',
    stage: 'deploy',
    command: 'results --last',
    arguments: '--only tcp',
    image: 'registry.example/node:24',
    package: './netaccept.tgz',
  };
  const jobs = await gitlabJob(await pipelineFile(TEMPLATE), inputs);
  expect(jobs[inputs.job]).toMatchObject({
    stage: 'deploy',
    image: { name: 'registry.example/node:24' },
    script: ['npx --yes ./netaccept.tgz results --last --out netaccept-results --only tcp'],
  });
});

test('GitLab’s schema is really asked: a misspelt key and an unknown command are refused', async () => {
  const [head = '', body = ''] = (await pipelineFile(TEMPLATE)).split('\n---\n');
  const job = parse(body);
  const [name = ''] = Object.keys(job);
  job[name].artifacts.when = 'allways';
  await expect(gitlabJob(`${head}\n---\n${stringify(job)}`)).rejects.toThrow('Invalid .gitlab-ci.yml');
  await expect(gitlabJob(`${head}\n---\n${body}`, { command: 'chek' })).rejects.toThrow('chek');
});

const { netaccept: job } = await gitlabJob(await pipelineFile(TEMPLATE));

test.each(await outcomes())('exit code %i is the job’s, and what it keeps is there', async (code, env) => {
  const { exitCode, said, folder, junit } = await runGitlab('--only tcp', env);
  expect(said).toContain('netaccept check --out netaccept-results --only tcp\n');
  expect(exitCode).toBe(code);
  expect(await complaintsAboutResults(folder, junit)).toEqual([]);
});

test('with a token, summary.md becomes a note on the merge request; without one, nothing happens', async () => {
  const got: { path: string; token: unknown; body: string }[] = [];
  const server = createServer(async (request, response) => {
    const body = (await request.toArray()).map(String).join('');
    got.push({ path: request.url ?? '', token: request.headers['private-token'], body });
    response.writeHead(201).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const folder = await workspace();
  await runIn(folder, ['mkdir', 'netaccept-results'], jobEnvironment(folder));
  await writeFile(join(folder, 'netaccept-results', 'summary.md'), '## netaccept: "green"\n');
  const ofGitlab = {
    CI_API_V4_URL: `http://127.0.0.1:${port}/api/v4`,
    CI_PROJECT_ID: '7',
    CI_MERGE_REQUEST_IID: '3',
  };
  const after = ['sh', '-ec', job?.after_script.join('\n') ?? ''];
  expect(await runIn(folder, after, jobEnvironment(folder, ofGitlab))).toMatchObject({
    exitCode: 0,
    said: '',
  });
  const env = jobEnvironment(folder, { ...ofGitlab, GITLAB_NOTE_TOKEN: 'secret' });
  const { said } = await runIn(folder, after, env);
  server.close();
  expect(said).toContain('note on the merge request: HTTP 201');
  expect(said).not.toContain('secret');
  expect(got).toEqual([
    {
      path: '/api/v4/projects/7/merge_requests/3/notes',
      token: 'secret',
      body: JSON.stringify({ body: '## netaccept: "green"\n' }),
    },
  ]);
});
