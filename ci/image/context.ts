// What goes into an image: a minimal build context, and the key of everything in it.
import { chmod, copyFile, link, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SetupError } from '../../src/errors.ts';
import { digest } from '../cluster/cache.ts';
import { run } from '../cluster/run.ts';
import { type Arch, nodeBinary, npmName } from './arch.ts';
import { bundleAgent } from './bundle.ts';

export type Target = 'agent' | 'runner';

export interface Context {
  key: string;
  /** Writes the context into an empty folder. */
  fill(folder: string): Promise<void>;
}

const root = join(import.meta.dirname, '../..');
/** The interpreter by its path: the image has no `env`. */
const LAUNCHER = "#!/node\nimport('/netaccept/dist/src/cli/main.js');\n";

const UNUSED_PACKAGES = ['@types', '@esbuild', 'esbuild', 'jiti', 'undici-types', '.bin'];
const UNUSED_FILE = /\.(d\.[cm]?ts|map|md|markdown|flow|bare)$/;

export async function describeContext(target: Target, arch: Arch): Promise<Context> {
  if (process.platform !== 'linux') {
    throw new SetupError({
      code: 'image-platform',
      message: `the image takes this project's own Node binary, which is for ${process.platform}`,
      hint: 'build it on Linux, or in a Linux container',
    });
  }
  const dockerfile = await readFile(join(root, 'cronjob/Dockerfile'));
  const bundle = await bundleAgent();
  const node = await readFile(join(root, 'node_modules/node/package.json'));
  const lock = await readFile(join(root, 'package-lock.json'));
  const tarball = target === 'runner' ? await packedPackage() : Buffer.alloc(0);
  const unused = [UNUSED_PACKAGES.join(), UNUSED_FILE.source];
  const inputs = [target, arch, dockerfile, bundle, node];
  return {
    key: digest(target === 'runner' ? [...inputs, LAUNCHER, lock, tarball, ...unused] : inputs),
    fill: async (folder) => {
      await writeFile(join(folder, 'Dockerfile'), dockerfile);
      await writeFile(join(folder, 'agent.cjs'), bundle);
      await linkOrCopy(await nodeBinary(arch), join(folder, 'node'));
      if (target === 'runner') await fillApp(folder, tarball, lock, arch);
    },
  };
}

/** The CLI as npm would publish it. */
async function packedPackage(): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'netaccept-pack-'));
  try {
    await run('npm', ['pack', '--pack-destination', folder], { cwd: root, limitSeconds: 300 });
    const [name = ''] = await readdir(folder);
    return await readFile(join(folder, name));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function fillApp(folder: string, tarball: Buffer, lock: Buffer, arch: Arch): Promise<void> {
  const app = join(folder, 'app');
  await mkdir(app);
  await writeFile(join(folder, 'package.tgz'), tarball);
  await run('tar', ['-xzf', join(folder, 'package.tgz'), '-C', app, '--strip-components=1'], {
    limitSeconds: 60,
  });
  await rm(join(folder, 'package.tgz'));
  await writeFile(join(app, 'package-lock.json'), lock);
  const machine = ['--os=linux', `--cpu=${npmName(arch)}`, '--libc=glibc'];
  await run('npm', ['ci', '--omit=dev', '--ignore-scripts', ...machine], { cwd: app, limitSeconds: 600 });
  await removeUnused(join(app, 'node_modules'));
  await writeFile(join(folder, 'netaccept'), LAUNCHER);
  await chmod(join(folder, 'netaccept'), 0o755);
}

/** Types, maps and papers, which nothing reads at run time, and programs that only building needs: a quarter of the image. */
async function removeUnused(modules: string): Promise<void> {
  for (const name of UNUSED_PACKAGES) await rm(join(modules, name), { recursive: true, force: true });
  for (const path of await readdir(modules, { recursive: true })) {
    if (UNUSED_FILE.test(path)) await rm(join(modules, path), { force: true });
  }
}

async function linkOrCopy(from: string, to: string): Promise<void> {
  // A link cannot cross file systems.
  await link(from, to).catch(() => copyFile(from, to));
}
