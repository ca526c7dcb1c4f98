import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { cached, digest } from '../../../ci/cluster/cache.ts';
import { moduleVersion } from '../../../ci/cluster/programs.ts';
import { run } from '../../../ci/cluster/run.ts';
import { archivedImages, fullTag } from '../../../fixtures/clusters/image-archive.ts';
import { poll } from '../../../fixtures/clusters/poll.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netaccept-cache-'));
  vi.stubEnv('NETACCEPT_CACHE', folder);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

describe('the build cache', () => {
  test('builds once for a key', async () => {
    const build = vi.fn((entry: string) => writeFile(join(entry, 'binary'), 'x'));
    const first = await cached('programs', 'key', build);
    expect(await cached('programs', 'key', build)).toBe(first);
    expect(await readFile(join(first, 'binary'), 'utf8')).toBe('x');
    expect(build).toHaveBeenCalledTimes(1);
  });

  test('keeps nothing of a build that failed half-way', async () => {
    const build = async (entry: string) => {
      await writeFile(join(entry, 'half'), 'x');
      throw new Error('compiler killed');
    };
    await expect(cached('programs', 'key', build)).rejects.toThrow('compiler killed');
    expect(await readdir(join(folder, 'programs'))).toEqual([]);
  });

  test('takes the entry of whoever was faster', async () => {
    const entry = await cached('programs', 'key', async (slow) => {
      await writeFile(join(slow, 'binary'), 'slow');
      await cached('programs', 'key', (fast) => writeFile(join(fast, 'binary'), 'fast'));
    });
    expect(await readFile(join(entry, 'binary'), 'utf8')).toBe('fast');
    expect(await readdir(join(folder, 'programs'))).toEqual(['key']);
  });

  test('has another key when text moves from one input to the next', () => {
    expect(digest(['ab', 'c'])).not.toBe(digest(['a', 'bc']));
  });
});

test('a version is read from its go.mod, in a block or alone', () => {
  expect(moduleVersion('require (\n\tk8s.io/kubernetes v1.35.4\n)\n', 'k8s.io/kubernetes')).toBe('v1.35.4');
  expect(moduleVersion('require example.org/dns v1.2.3 // indirect\n', 'example.org/dns')).toBe('v1.2.3');
  expect(() => moduleVersion('replace k8s.io/api => k8s.io/api v1.0.0\n', 'k8s.io/api')).toThrow(
    'no version of',
  );
});

test('a command that fails is named, with its last lines', async () => {
  const failing = run('sh', ['-c', 'echo one; echo two >&2; exit 7'], { limitSeconds: 10 });
  await expect(failing).rejects.toThrow(/^sh -c .*: ended with exit code 7\n {2}\| one\n {2}\| two$/s);
});

test('a command that is not there is named', async () => {
  await expect(run('no-such-program', ['-v'], { limitSeconds: 10 })).rejects.toThrow(
    /^no-such-program -v: .*ENOENT/,
  );
});

test('a poll that runs out of time says what it last saw', async () => {
  const wait = { what: 'all nodes are Ready', seconds: 0, everyMs: 0 };
  const attempt = async (note: (state: string) => void) => note('not Ready: node-3');
  await expect(poll(wait, attempt)).rejects.toThrow(
    'all nodes are Ready: not so after 0 s; last seen: not Ready: node-3',
  );
});

describe('image archives', () => {
  test.each([
    ['debian:13', 'docker.io/library/debian:13'],
    ['netaccept/agent:1', 'docker.io/netaccept/agent:1'],
    ['netaccept.local/pause:1', 'netaccept.local/pause:1'],
    ['localhost/x:1', 'localhost/x:1'],
    ['localhost:5000/x:1', 'localhost:5000/x:1'],
  ])('%s is %s to containerd', (tag, expected) => {
    expect(fullTag(tag)).toBe(expected);
  });

  test.each([
    ['older Docker', `${'a'.repeat(64)}.json`],
    ['newer Docker', `blobs/sha256/${'a'.repeat(64)}`],
  ])('name their images by id, as saved by %s', async (_docker, config) => {
    const archive = await archiveOf([{ Config: config, RepoTags: ['netaccept/agent:1'] }]);
    expect([...(await archivedImages(archive))]).toEqual([['docker.io/netaccept/agent:1', 'a'.repeat(64)]]);
  });

  test('without a tag are refused: nobody could refer to their images', async () => {
    const archive = await archiveOf([{ Config: 'x.json', RepoTags: null }]);
    await expect(archivedImages(archive)).rejects.toThrow('no tagged image');
  });
});

async function archiveOf(manifest: object): Promise<string> {
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
  const archive = join(folder, 'image.tar');
  await run('tar', ['-C', folder, '-cf', archive, 'manifest.json'], { limitSeconds: 10 });
  return archive;
}
