import { cp, link, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Say } from '../../fixtures/clusters/cluster.ts';
import { ensureBaseImage } from './base-image.ts';
import { cacheDir, digest } from './cache.ts';
import { describeBuild, ensureProgram, type ProgramName } from './programs.ts';
import { run } from './run.ts';

const node = join(import.meta.dirname, 'node');

export interface NodeImage {
  tag: string;
  /** Tag that CoreDNS has inside the Nodes. */
  coredns: string;
  /** Kubernetes' version, `v1.35.4`. */
  version: string;
}

/** The image of a Node, for the programs and files as they stand in the checkout. Builds what is missing. */
export async function ensureNodeImage(say: Say): Promise<NodeImage> {
  const image = await describeNodeImage();
  if (!(await execa('docker', ['image', 'inspect', image.tag], { reject: false })).failed) {
    return image;
  }
  const binaries = new Map<ProgramName, string>();
  // One after the other: each of them keeps every core busy by itself.
  for (const name of ['pause', 'coredns', 'kubernetes'] as const) {
    binaries.set(name, await ensureProgram(name, say));
  }
  const base = await ensureBaseImage(say);
  say('building the node image (once; a minute or two)');
  const context = await workFolder('node-image');
  try {
    await cp(node, context, { recursive: true });
    await link(binaries.get('kubernetes') ?? '', join(context, 'kubernetes'));
    await mkdir(join(context, 'images'));
    await packImage('pause', 'netaccept.local/pause:1', binaries, context);
    await packImage('coredns', image.coredns, binaries, context);
    await dockerBuild(context, image.tag, ['--build-arg', `BASE=${base}`]);
  } finally {
    await rm(context, { recursive: true, force: true });
  }
  return image;
}

/** What the image is called and holds, without building it. */
export async function describeNodeImage(): Promise<NodeImage> {
  const files = (await readdir(node, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const contents = await Promise.all(files.map((file) => readFile(file)));
  const kubernetes = await describeBuild('kubernetes');
  const coredns = await describeBuild('coredns');
  const pause = await describeBuild('pause');
  const key = digest([
    kubernetes.key,
    coredns.key,
    pause.key,
    ...files.map((file) => file.slice(node.length)),
    ...contents,
  ]);
  return {
    tag: `netaccept/node:${key}`,
    coredns: `netaccept.local/coredns:${coredns.version}`,
    version: kubernetes.version,
  };
}

/** An image of nothing but one static binary, as an archive for the Nodes' own containerd. */
async function packImage(
  name: ProgramName,
  tag: string,
  binaries: Map<ProgramName, string>,
  context: string,
): Promise<void> {
  const folder = await workFolder(`${name}-image`);
  try {
    await link(binaries.get(name) ?? '', join(folder, name));
    const dockerfile = `FROM scratch\nCOPY ${name} /${name}\nENTRYPOINT ["/${name}"]\n`;
    await writeFile(join(folder, 'Dockerfile'), dockerfile);
    await dockerBuild(folder, tag, []);
    await run('docker', ['save', '-o', join(context, 'images', `${name}.tar`), tag], { limitSeconds: 120 });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** On the cache's disk, so that binaries can be linked into it; swept with the cache if this process is killed. */
function workFolder(name: string): Promise<string> {
  return mkdtemp(join(cacheDir(), 'programs', `.${name}.`));
}

async function dockerBuild(context: string, tag: string, args: string[]): Promise<void> {
  // The classic builder: buildx is not part of every Docker, and these files need nothing of it.
  await run('docker', ['build', '-q', '-t', tag, ...args, context], {
    env: { DOCKER_BUILDKIT: '0' },
    limitSeconds: 1800,
  });
}
