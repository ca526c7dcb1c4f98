import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create } from 'tar';
import { expect, onTestFinished, test } from 'vitest';
import { packRecording, unpackRecording } from '../../../src/deliver/archive.ts';

async function folder(files: Record<string, string> = {}): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'netaccept-archive-test-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(dir, path, '..'), { recursive: true });
    await writeFile(join(dir, path), text);
  }
  return dir;
}

const RECORDING = {
  'run.json': '{}',
  'matrix.jsonl': 'm',
  'journal.jsonl': 'j'.repeat(100_000),
  'previous.jsonl': 'p',
  'outcome.jsonl': 'o',
  'resumes/1/run.json': '{"resume":1}',
  'resumes/12/journal.jsonl': 'again',
};
const REPORTS = {
  'junit.xml': '<x/>',
  'notes.txt': 'mine',
  'resumes/notes.txt': 'mine',
  'sub/run.json': 'no',
};

test('the recording comes back as it was, without reports and without what is not ours', async () => {
  const dir = await folder({ ...RECORDING, ...REPORTS });
  const archive = await packRecording(dir);
  expect(archive.length).toBeLessThan(2000);
  const out = join(await folder(), 'new');
  await unpackRecording(archive, out);
  const files = (await readdir(out, { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  );
  expect(files.map((entry) => join(entry.parentPath, entry.name).slice(out.length + 1)).sort()).toEqual(
    Object.keys(RECORDING).sort(),
  );
  for (const [path, text] of Object.entries(RECORDING))
    expect(await readFile(join(out, path), 'utf8')).toBe(text);
});

test('the same recording gives the same bytes', async () => {
  const [one, two] = [await folder(RECORDING), await folder(RECORDING)];
  expect((await packRecording(one)).equals(await packRecording(two))).toBe(true);
});

test('of an archive that somebody else made, nothing but files of a recording comes out', async () => {
  const dir = await folder({ 'in/run.json': '{}', 'in/evil.sh': 'x', 'outside.txt': 'x' });
  await symlink('/etc', join(dir, 'in/journal.jsonl'));
  const options = { cwd: join(dir, 'in'), gzip: true, preservePaths: true, sync: true } as const;
  const archive = create(options, [
    'run.json',
    'evil.sh',
    'journal.jsonl',
    '../outside.txt',
  ]).read() as Buffer;
  const out = await folder();
  await unpackRecording(archive, join(out, 'deep')).catch(() => undefined);
  expect(await readdir(out, { recursive: true })).toEqual(
    expect.not.arrayContaining(['outside.txt', 'deep/evil.sh']),
  );
  expect((await readdir(join(out, 'deep'))).filter((name) => name !== 'run.json')).toEqual([]);
});

test.each([
  ['no archive', Buffer.from('hello')],
  ['an empty one', Buffer.alloc(0)],
])('%s is refused', async (_, archive) => {
  await expect(unpackRecording(archive, await folder())).rejects.toThrow();
});
