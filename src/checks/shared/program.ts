import { execFile } from 'node:child_process';

export interface Ran {
  /** Undefined where the program could not be started, or did not end by itself. */
  code: number | undefined;
  stdout: string;
  stderr: string;
  /** Why there is no code. */
  fault?: string;
}

const MAX_OUTPUT_BYTES = 4 * 1024 * 1024;

/** Runs a program of the agent's image, in English, to its end or for `limitMs` milliseconds. Never throws. */
export function ranProgram(
  program: string,
  args: readonly string[],
  { limitMs, signal }: { limitMs: number; signal: AbortSignal },
): Promise<Ran> {
  return new Promise((resolve) => {
    const options = {
      timeout: limitMs,
      signal,
      killSignal: 'SIGKILL' as const,
      maxBuffer: MAX_OUTPUT_BYTES,
      env: { PATH: process.env.PATH, LC_ALL: 'C' },
    };
    execFile(program, args, options, (error, stdout, stderr) => {
      if (error === null) resolve({ code: 0, stdout, stderr });
      else if (typeof error.code === 'number') resolve({ code: error.code, stdout, stderr });
      else
        resolve({
          code: undefined,
          stdout,
          stderr,
          fault: `${program}: ${error.code ?? error.signal ?? error.message}`,
        });
    });
  });
}
