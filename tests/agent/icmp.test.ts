import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { icmp } from '../../src/checks/icmp.ts';
import { probeOf } from './agent.ts';
import { attemptOf } from './attempts.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netaccept-ping-'));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

/** Puts a shell script in ping's place. */
async function pingIs(script: string): Promise<void> {
  const path = join(folder, 'ping');
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  vi.stubEnv('NETACCEPT_PING', path);
}

const probe = probeOf('icmp', 0, { count: 3, timeoutMs: 1500, expect: [] });

test('ping gets the family, the count and the wait, in English', async () => {
  await pingIs(
    `printf "%s\\\\n" "$* LC_ALL=$LC_ALL" > ${folder}/asked
     echo "3 packets transmitted, 3 received, 0% packet loss, time 402ms"
     echo "rtt min/avg/max/mdev = 0.066/0.807/2.287/1.046 ms"`,
  );
  const attempt = await attemptOf(icmp, { ...probe, family: 'v6', address: 'fd00::1' });
  expect(attempt).toEqual({ outcome: 'reached', sent: 3, received: 3, rttMs: 0.807 });
  expect(await readFile(join(folder, 'asked'), 'utf8')).toBe('-n -6 -c 3 -i 0.2 -W 1.5 fd00::1 LC_ALL=C\n');
});

test('no ping at all is a local fault', async () => {
  vi.stubEnv('NETACCEPT_PING', join(folder, 'none'));
  const attempt = await attemptOf(icmp, probe);
  expect(attempt).toMatchObject({ outcome: 'unobserved', cause: 'local-fault' });
  expect(attempt.detail).toMatch(/^ping did not start: spawn .* ENOENT$/);
});

test('a ping that hangs is ended, by an abort too', async () => {
  await pingIs(`echo $$ > ${folder}/pid; exec sleep 600`);
  const controller = new AbortController();
  const attempt = attemptOf(icmp, probe, { signal: controller.signal });
  const pid = await vi.waitUntil(
    async () => Number(await readFile(join(folder, 'pid'), 'utf8').catch(() => '')),
    {
      timeout: 10_000,
    },
  );
  controller.abort('interrupted');
  expect(await attempt).toEqual({ outcome: 'unobserved', cause: 'interrupted' });
  await vi.waitUntil(() => !isAlive(pid), { timeout: 10_000 });
});

test('a ping that is killed from outside is a local fault', async () => {
  await pingIs('kill -9 $$');
  expect(await attemptOf(icmp, probe)).toMatchObject({ outcome: 'unobserved', cause: 'local-fault' });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
