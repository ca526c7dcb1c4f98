import { execa } from 'execa';
import type { Say } from '../../fixtures/clusters/cluster.ts';

const askSeconds = 15;
const pullSeconds = 900;

/**
 * Pulls an image. Returns why that is impossible, or undefined when it is there. First only asks for
 * its manifest, which answers in seconds or never will: a pull can hang for minutes on a dead registry.
 */
export async function pullImage(
  image: string,
  say: Say,
  options: string[] = [],
): Promise<string | undefined> {
  const refusal = await whyNotPullable(image);
  if (refusal !== undefined) {
    return refusal;
  }
  say(`pulling ${image}`);
  return failure(await docker(['pull', '-q', ...options, image], pullSeconds), pullSeconds);
}

export async function whyNotPullable(image: string): Promise<string | undefined> {
  return failure(await docker(['manifest', 'inspect', image], askSeconds), askSeconds);
}

function docker(args: string[], seconds: number) {
  return execa('docker', args, { reject: false, stdin: 'ignore', timeout: seconds * 1000 });
}

function failure(result: Awaited<ReturnType<typeof docker>>, seconds: number): string | undefined {
  if (!result.failed) {
    return undefined;
  }
  return result.timedOut ? `no answer in ${seconds} s` : result.stderr.trim().split('\n')[0];
}
