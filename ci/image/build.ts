import { chmod, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ensureBaseImage } from '../cluster/base-image.ts';
import { cacheDir, cached } from '../cluster/cache.ts';
import { ensureDocker } from '../cluster/daemon.ts';
import { ensureEmulation } from '../cluster/emulation.ts';
import { run } from '../cluster/run.ts';
import { type Arch, archOf } from './arch.ts';
import { describeContext, type Target } from './context.ts';

export interface BuiltImage {
  /** The name that the archive's image has: `netaccept/agent:dev-1a2b…`. */
  ref: string;
  /** Path of a `docker save` tar in the cache. */
  archive: string;
}

const ARCHIVE = 'image.tar';
/** Each is more than 100 MB, and every change of the agent makes one. */
const KEPT = 5;

/**
 * The agent's or the runner's image for machines of this architecture, of the sources as they stand. Nothing is built, and
 * Docker is not asked, when these very inputs were built before. Throws a SetupError with the builder's last lines.
 */
export async function buildImage(
  target: Target,
  say: (line: string) => void,
  arch: Arch = archOf(),
): Promise<BuiltImage> {
  const context = await describeContext(target, arch);
  const foreign = arch === archOf() ? undefined : arch;
  const ref = `netaccept/${target}:dev-${context.key}`;
  const entry = await cached('images', `${target}-${context.key}`, async (folder) => {
    say(`building the ${target}'s image for ${arch} (seconds; the first time a minute)`);
    await ensureDocker(say);
    if (foreign !== undefined) await ensureEmulation(foreign, say);
    const base = await ensureBaseImage(say, foreign);
    const files = await mkdtemp(join(cacheDir(), '.image-context.'));
    try {
      await context.fill(files);
      const options = ['--target', target, '--build-arg', `BASE=${base}`, '-t', ref];
      await dockerBuild(files, options, arch, 1200);
    } finally {
      await rm(files, { recursive: true, force: true });
    }
    await run('docker', ['save', '-o', join(folder, ARCHIVE), ref], { limitSeconds: 300 });
    await chmod(folder, 0o755);
  });
  await removeOld(target, entry);
  return { ref, archive: join(entry, ARCHIVE) };
}

export async function dockerBuild(
  folder: string,
  options: readonly string[],
  arch: Arch,
  limitSeconds: number,
): Promise<void> {
  // For its own architecture Docker needs no word, and an old one takes none.
  const platform = arch === archOf() ? [] : ['--platform', `linux/${arch}`];
  await run('docker', ['build', ...options, ...platform, folder], {
    // The classic builder: buildx is not part of every Docker.
    env: { DOCKER_BUILDKIT: '0' },
    limitSeconds,
  });
}

async function removeOld(target: Target, current: string): Promise<void> {
  const folder = dirname(current);
  const names = (await readdir(folder)).filter((name) => name.startsWith(`${target}-`));
  const entries = await Promise.all(
    names.map(async (name) => ({ path: join(folder, name), made: (await stat(join(folder, name))).mtimeMs })),
  );
  const old = entries.sort((a, b) => b.made - a.made).slice(KEPT);
  await Promise.all(old.map(({ path }) => path !== current && rm(path, { recursive: true, force: true })));
}
