// Where Go comes from: this machine, or Debian's package in a container. Either fetches the very
// toolchain that a go.mod asks for through the Go module proxy.
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Say } from '../../fixtures/clusters/cluster.ts';
import { ensureBaseImage } from './base-image.ts';
import { cacheDir } from './cache.ts';
import { run } from './run.ts';

export interface GoBuild {
  /** Folder with go.mod and a main package. */
  source: string;
  output: { folder: string; name: string };
  ldflags: string;
  limitSeconds: number;
}

const environment = {
  CGO_ENABLED: '0',
  GOOS: 'linux',
  GOTOOLCHAIN: 'auto',
  GOFLAGS: '-buildvcs=false -mod=readonly',
};
/** What a person may have set to reach the module proxy from here. */
const passedOn = ['GOPROXY', 'GOSUMDB', 'GOPRIVATE', 'GONOSUMDB', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'];

const hostCertificates = '/etc/ssl/certs/ca-certificates.crt';

/** Builds one static Linux binary for the Docker daemon's architecture. */
export async function goBuild(build: GoBuild, say: Say): Promise<void> {
  const env = { ...environment, GOARCH: await dockerArchitecture() };
  const go = await hostGo();
  if (go === undefined) {
    return buildInContainer(build, env, say);
  }
  const output = join(build.output.folder, build.output.name);
  await run(go, buildArguments(build.ldflags, output), {
    cwd: build.source,
    env,
    limitSeconds: build.limitSeconds,
    nice: true,
  });
}

/** A Go that can fetch newer ones (1.21 was the first). */
async function hostGo(): Promise<string | undefined> {
  for (const go of ['go', '/usr/local/go/bin/go', '/usr/lib/go/bin/go']) {
    const { stdout, failed } = await execa(go, ['env', 'GOVERSION'], {
      reject: false,
      env: { GOTOOLCHAIN: 'local' },
    });
    const [, major, minor] = /^go(\d+)\.(\d+)/.exec(stdout ?? '') ?? [];
    if (!failed && (Number(major) > 1 || Number(minor) >= 21)) {
      return go;
    }
  }
  return undefined;
}

async function buildInContainer(build: GoBuild, env: Record<string, string>, say: Say): Promise<void> {
  const image = await goImage(say);
  const go = join(cacheDir(), 'go');
  await mkdir(go, { recursive: true });
  const inherited = passedOn.flatMap((name) => (process.env[name] === undefined ? [] : ['-e', name]));
  const settings = Object.entries(env).flatMap(([key, value]) => ['-e', `${key}=${value}`]);
  const mounts = [
    '-v',
    `${build.source}:/src:ro`,
    '-v',
    `${build.output.folder}:/out`,
    '-v',
    `${go}:/root/go`,
  ];
  // An organisation's own authorities are known to this machine, not to the container.
  const certificates = process.env.SSL_CERT_FILE ?? hostCertificates;
  const trust = existsSync(certificates) ? ['-v', `${certificates}:${hostCertificates}:ro`] : [];
  const caches = ['-e', 'GOPATH=/root/go', '-e', 'GOCACHE=/root/go/build'];
  const command = ['nice', 'go', ...buildArguments(build.ldflags, `/out/${build.output.name}`)];
  await run(
    'docker',
    [
      'run',
      '--rm',
      '-w',
      '/src',
      ...mounts,
      ...trust,
      ...caches,
      ...settings,
      ...inherited,
      image,
      ...command,
    ],
    { limitSeconds: build.limitSeconds },
  );
}

async function goImage(say: Say): Promise<string> {
  const tag = 'netaccept/go:trixie';
  if (!(await execa('docker', ['image', 'inspect', tag], { reject: false })).failed) {
    return tag;
  }
  const base = await ensureBaseImage(say);
  say('no Go 1.21 or newer on this machine: preparing one in a container (a minute or so)');
  const packages = 'ca-certificates golang-go';
  const dockerfile = `FROM ${base}\nRUN apt-get update && apt-get install -y --no-install-recommends ${packages}\n`;
  await execa('docker', ['build', '-t', tag, '-'], {
    input: dockerfile,
    env: { DOCKER_BUILDKIT: '0' },
    timeout: 900_000,
  });
  return tag;
}

function buildArguments(ldflags: string, output: string): string[] {
  return ['build', '-trimpath', '-ldflags', ldflags, '-o', output, '.'];
}

async function dockerArchitecture(): Promise<string> {
  const { stdout } = await execa`docker version --format ${'{{.Server.Arch}}'}`;
  return stdout.trim();
}
