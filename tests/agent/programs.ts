// Shell scripts in place of the programs of the agent's image.
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';

/** Until the test's end the agent's code of this process runs `script` where it wants this program. */
export async function standInFor(program: 'ip' | 'ping', script: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), `netaccept-${program}-`));
  const path = join(folder, program);
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  vi.stubEnv(`NETACCEPT_${program.toUpperCase()}`, path);
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true, force: true });
  });
}

/** `ip route get` and `ip -d link show` as iproute2 prints them. */
export function ipPrints(route: object | undefined, links: object[] = []): Promise<void> {
  const routes = route === undefined ? 'exit 2' : `echo '${JSON.stringify([route])}'`;
  return standInFor('ip', `case "$*" in *route*) ${routes} ;; *) echo '${JSON.stringify(links)}' ;; esac`);
}

export const pingAnswered = 'echo "2 packets transmitted, 2 received, 0% packet loss, time 200ms"';
export const pingSilent = 'echo "2 packets transmitted, 0 received, 100% packet loss, time 200ms"; exit 1';
