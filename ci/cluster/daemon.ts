// Docker's daemon: found, or started so that it outlives this command.
import { spawn } from 'node:child_process';
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import type { Say } from '../../fixtures/clusters/cluster.ts';
import { SetupError } from '../../src/errors.ts';
import { cacheDir } from './cache.ts';
import { install, onPath } from './debian.ts';
import { lastLines } from './run.ts';

const startSeconds = 60;
const pidFiles = ['/var/run/docker.pid', '/var/run/docker/containerd/containerd.pid'];

/** Returns when a Docker daemon answers. Throws a SetupError when there is none and none can be started. */
export async function ensureDocker(say: Say): Promise<void> {
  if (await dockerAnswers()) {
    return;
  }
  if (process.env.DOCKER_HOST !== undefined || process.getuid?.() !== 0) {
    throw new SetupError({
      code: 'cluster-docker',
      message: `no Docker daemon answers${process.env.DOCKER_HOST ? ` at DOCKER_HOST=${process.env.DOCKER_HOST}` : ''}, and only root can start one here`,
      hint: 'start Docker (and let this user use it), then try again',
    });
  }
  await installDocker(say);
  // Installing may have started it, where a service manager runs.
  if (!(await dockerAnswers())) {
    await startDaemon(say);
  }
}

export async function dockerAnswers(): Promise<boolean> {
  const options = { reject: false, timeout: 10_000 } as const;
  return !(await execa('docker', ['version', '--format', '{{.Server.Version}}'], options)).failed;
}

async function installDocker(say: Say): Promise<void> {
  const missing = [
    ...((await onPath('dockerd')) ? [] : ['docker.io']),
    ...((await onPath('docker')) ? [] : ['docker.io', 'docker-cli']),
    ...((await onPath('iptables')) ? [] : ['iptables']),
  ];
  if (missing.length > 0) {
    // docker-cli is a package of its own in newer releases only.
    await install([...new Set(missing)], 'Docker', say);
  }
}

async function startDaemon(say: Say): Promise<void> {
  for (const file of pidFiles) {
    await removeStalePid(file);
  }
  await mkdir(cacheDir(), { recursive: true });
  const path = join(cacheDir(), 'dockerd.log');
  say(`starting dockerd (log: ${path}; a few seconds)`);
  const log = await open(path, 'a');
  const { size } = await log.stat();
  const daemon = spawn('dockerd', [], { detached: true, stdio: ['ignore', log.fd, log.fd] });
  const ended = new Promise<string>((resolve) => {
    daemon.once('error', (error) => resolve(error.message));
    daemon.once('exit', (code, signal) => resolve(`ended with ${signal ?? `exit code ${code}`}`));
  });
  daemon.unref();
  await log.close();
  const failure = await Promise.race([ended, answersWithin(startSeconds)]);
  if (failure !== undefined) {
    const written = (await readFile(path)).subarray(size).toString();
    throw new SetupError({
      code: 'cluster-docker',
      message: [`dockerd ${failure}`, ...lastLines(written).map((line) => `  | ${line}`)].join('\n'),
    });
  }
}

async function answersWithin(seconds: number): Promise<string | undefined> {
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end) {
    if (await dockerAnswers()) {
      return undefined;
    }
    await sleep(500);
  }
  return `does not answer after ${seconds} s`;
}

/** A daemon that was killed leaves its pid behind, which later belongs to anybody: dockerd would refuse to start. */
async function removeStalePid(file: string): Promise<void> {
  const pid = (await readFile(file, 'utf8').catch(() => '')).trim();
  const program = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
  const expected = file.includes('containerd') ? 'containerd' : 'dockerd';
  if (pid !== '' && basename(program.trim()) !== expected) {
    await rm(file, { force: true });
  }
}
