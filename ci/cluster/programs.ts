import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Say } from '../../fixtures/clusters/cluster.ts';
import { cached, digest } from './cache.ts';
import { goBuild } from './go.ts';

const folder = join(import.meta.dirname, 'programs');

interface Program {
  /** Module whose version is the program's. */
  module?: string;
  /** Told before a first build. */
  takes: string;
  limitSeconds: number;
  ldflags(version: string): string;
}

const programs = {
  kubernetes: {
    module: 'k8s.io/kubernetes',
    takes: '5 to 10 minutes',
    limitSeconds: 3600,
    // Otherwise every component says v0.0.0-master, and so does the API.
    ldflags: (version) => {
      const [major, minor] = version.slice(1).split('.');
      return ['component-base/version', 'client-go/pkg/version']
        .flatMap((path) => [
          `-X k8s.io/${path}.gitVersion=${version}`,
          `-X k8s.io/${path}.gitMajor=${major}`,
          `-X k8s.io/${path}.gitMinor=${minor}`,
        ])
        .join(' ');
    },
  },
  coredns: {
    module: 'github.com/coredns/coredns',
    takes: 'a minute',
    limitSeconds: 1800,
    ldflags: () => '',
  },
  s3: { takes: 'half a minute', limitSeconds: 900, ldflags: () => '' },
  pause: { takes: 'seconds', limitSeconds: 600, ldflags: () => '' },
  // No part of a cluster: what actionlint, Tekton and Argo say of the files in ci/pipelines.
  'pipeline-lint': { takes: '2 to 5 minutes', limitSeconds: 1800, ldflags: () => '' },
} satisfies Record<string, Program>;

export type ProgramName = keyof typeof programs;

export interface Build {
  key: string;
  version: string;
}

/** What a build of the program would be, without building it. */
export async function describeBuild(name: ProgramName): Promise<Build> {
  const source = join(folder, name);
  const files = (await readdir(source, { recursive: true })).filter((file) => /\.(go|mod|sum)$/.test(file));
  const contents = await Promise.all(files.sort().map((file) => readFile(join(source, file), 'utf8')));
  const { module, ldflags }: Program = programs[name];
  const version =
    module === undefined ? '1' : moduleVersion(await readFile(join(source, 'go.mod'), 'utf8'), module);
  return { key: digest([...contents, ldflags(version), process.arch]), version };
}

/** Builds the program unless it is in the cache; returns the binary's path. */
export async function ensureProgram(name: ProgramName, say: Say): Promise<string> {
  const { key, version } = await describeBuild(name);
  const { takes, limitSeconds, ldflags }: Program = programs[name];
  const entry = await cached('programs', `${name}-${key}`, async (output) => {
    say(`building ${name} ${version} from the Go module proxy (once; ${takes} on two cores)`);
    const flags = `-s -w ${ldflags(version)}`.trim();
    await goBuild(
      { source: join(folder, name), output: { folder: output, name }, ldflags: flags, limitSeconds },
      say,
    );
  });
  return join(entry, name);
}

/** `v1.35.4` of `k8s.io/kubernetes v1.35.4` in a go.mod. */
export function moduleVersion(goMod: string, module: string): string {
  for (const line of goMod.split('\n')) {
    const [path, version] = line.replace('require', '').trim().split(/\s+/);
    if (path === module && version?.startsWith('v')) {
      return version;
    }
  }
  throw new Error(`no version of ${module} in its go.mod`);
}
