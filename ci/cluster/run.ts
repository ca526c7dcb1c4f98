import { constants, setPriority } from 'node:os';
import { execa } from 'execa';
import { SetupError } from '../../src/errors.ts';

interface RunOptions {
  cwd?: string;
  env?: Record<string, string>;
  limitSeconds: number;
  /** Builds step back behind whatever else the machine does. */
  nice?: boolean;
}

const linesShown = 20;

/** Runs a program to its end; returns its output. Throws a SetupError with the last lines it wrote when it fails. */
export async function run(program: string, args: string[], options: RunOptions): Promise<string> {
  const { limitSeconds, nice, ...rest } = options;
  const child = execa(program, args, {
    ...rest,
    all: true,
    reject: false,
    stdin: 'ignore',
    timeout: limitSeconds * 1000,
  });
  if (nice && child.pid !== undefined) {
    setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  }
  const result = await child;
  if (!result.failed) {
    return result.stdout;
  }
  const command = [program, ...args].join(' ');
  const how = result.timedOut
    ? `did not end in ${limitSeconds} s`
    : (result.originalMessage ?? `ended with exit code ${result.exitCode}`);
  throw new SetupError({
    code: 'cluster-command',
    message: [`${command}: ${how}`, ...lastLines(result.all ?? '').map((line) => `  | ${line}`)].join('\n'),
  });
}

export function lastLines(text: string, count = linesShown): string[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-count);
}
