import { build } from 'esbuild';

/** The agent as one file for Node's own binary, nothing else needed. Returns its text. */
export async function bundleAgent(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [new URL('../../src/agent/main.ts', import.meta.url).pathname],
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    legalComments: 'none',
    write: false,
    logLevel: 'warning',
  });
  return outputFiles.map((file) => file.text).join('');
}
