// The real program, told to serve and told to end.
import { mkdtemp } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, test, vi } from 'vitest';

vi.setConfig({ testTimeout: 120_000 });

const MAIN = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url));
const TOKEN = '0123456789abcdef';

async function serve(args: string[], env: Record<string, string> = {}) {
  const cwd = await mkdtemp(join(tmpdir(), 'serve-cli-'));
  return execa(process.execPath, [MAIN, 'serve', ...args], {
    reject: false,
    cwd,
    env: { FORCE_COLOR: '0', ...env },
  });
}

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s ends it with 0, also with a connection open',
  async (signal) => {
    const cwd = await mkdtemp(join(tmpdir(), 'serve-cli-'));
    const program = execa(process.execPath, [MAIN, 'serve', '--port', '0'], {
      reject: false,
      cwd,
      env: { NETACCEPT_SERVE_TOKEN: TOKEN },
    });
    for await (const line of program.iterable({ from: 'stderr' })) {
      const [url] = / (http:\/\/127\.0\.0\.1:\d+\/)$/.exec(line)?.slice(1) ?? [];
      if (url === undefined) continue;
      const authorized = { headers: { Authorization: `Bearer ${TOKEN}` } };
      expect((await fetch(url)).status).toBe(401);
      expect(await (await fetch(url, authorized)).text()).toContain('No run has finished yet.');
      program.kill(signal);
    }
    expect(await program).toMatchObject({ exitCode: 0, stdout: '' });
  },
);

test.each([
  ['a port that is none', ['--port', '70000'], /expected 0 to 65535/],
  [
    'an address that is nobody’s',
    ['--address', '192.0.2.1', '--port', '0'],
    /cannot listen on 192\.0\.2\.1, port 0/,
  ],
  ['a token file that is not there', ['--token-file', 'none'], /--token-file: ENOENT/],
])('%s is misuse', async (_, args, message) => {
  const { exitCode, stderr } = await serve(args);
  expect(exitCode).toBe(3);
  expect(stderr).toMatch(message);
});

test('so is a port that somebody else has', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  const { exitCode, stderr } = await serve(['--port', String(port)]);
  expect(exitCode).toBe(3);
  expect(stderr).toContain('EADDRINUSE');
  other.close();
});
