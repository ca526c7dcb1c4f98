// docs/ci.md: what it tells people to copy is what the files say and what the systems take.
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { snippet } from './docs.ts';
import { gitlabJobs } from './gitlab.ts';
import { lint } from './lint.ts';
import { packageVersion, pipelineFile, ROOT } from './workspace.ts';

const docs = await readFile(join(ROOT, 'docs', 'ci.md'), 'utf8');

test.each([
  ['github', 'github/workflow.yml'],
  ['jenkins', 'jenkins/Jenkinsfile'],
])('the block for %s stands in %s, word for word', async (name, path) => {
  const lines = (await snippet(name)).split('\n');
  const file = await pipelineFile(path);
  // Deeper there than here: the formatter moves blocks to the left.
  const indent = /^ */.exec(file.split('\n').find((line) => line.trim() === lines[0]?.trim()) ?? '')?.[0];
  const own = /^ */.exec(lines[0] ?? '')?.[0].length;
  expect(file).toContain(lines.map((line) => (line === '' ? '' : `${indent}${line.slice(own)}`)).join('\n'));
});

test('GitLab takes the block for it: one job for now, one for the nightly results', async () => {
  const jobs = await gitlabJobs(await pipelineFile('gitlab/netaccept.yml'), await snippet('gitlab'));
  expect(Object.keys(jobs)).toEqual(['netaccept', 'netaccept-nightly']);
  expect(jobs.netaccept?.script[0]).toContain(' check --out netaccept-results --only tcp,dns');
  expect(jobs['netaccept-nightly']?.script[0]).toContain(' results --last --out netaccept-results');
});

test('Tekton takes the TaskRun, and the Task knows its parameters and workspaces', async () => {
  // The API server has made a name of it before Tekton looks.
  const named = (await snippet('tekton')).replace('generateName: netaccept-', 'name: netaccept-1');
  const { said, exitCode } = await lint(named);
  expect([said, exitCode]).toEqual(['', 0]);
  const run = parse(named);
  const task = parse(await pipelineFile('tekton/task.yaml'));
  const names = (list: { name: string }[]) => list.map(({ name }) => name);
  expect(run.spec.taskRef.name).toBe(task.metadata.name);
  expect(names(task.spec.params)).toEqual(expect.arrayContaining(names(run.spec.params)));
  expect(names(task.spec.workspaces)).toEqual(expect.arrayContaining(names(run.spec.workspaces)));
  expect((await lint(stringify({ ...run, spec: { ...run.spec, taskref: {} } }))).said).toContain(
    'unknown field "spec.taskref"',
  );
});

test('every file is linked, and every link leads to a file', async () => {
  const links = [...docs.matchAll(/\]\(\.\.\/([^)#]+)\)/g)].map(([, path = '']) => path);
  for (const path of links) expect(existsSync(join(ROOT, path)), path).toBe(true);
  const files = await readdir(join(ROOT, 'ci', 'pipelines'), { recursive: true });
  const named = files.filter((file) => /\.|file$/.test(file)).map((file) => `ci/pipelines/${file}`);
  expect(named).toHaveLength(7);
  expect(links).toEqual(expect.arrayContaining(named));
});

test('every version of netaccept in them is the package’s own, and users get them with it', async () => {
  const files = await readdir(join(ROOT, 'ci', 'pipelines'), { recursive: true, withFileTypes: true });
  const paths = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
  const texts = await Promise.all(
    [...paths, join(ROOT, 'docs', 'ci.md')].map((path) => readFile(path, 'utf8')),
  );
  const versions = texts.join('\n').matchAll(/netaccept(?:@|-|\/runner:)(\d+\.\d+\.\d+)/g);
  const found = [...versions].map(([, version]) => version);
  expect(found.length).toBeGreaterThan(8);
  expect(new Set(found)).toEqual(new Set([await packageVersion()]));
  const { files: packed } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
  expect(packed).toEqual(expect.arrayContaining(['ci/pipelines', 'docs']));
});
