// What the programs here have in common: how they speak, how they fail, and that a Ctrl-C ends them in order.
import { type Command, CommanderError } from 'commander';
import { outliveReaders } from '../src/cli/print.ts';
import { messageOf, SetupError } from '../src/errors.ts';

/** Runs the program; what stands in its way is told with what to do, and ends in exit code 3. */
export async function runProgram(program: () => Promise<number>): Promise<void> {
  outliveReaders();
  try {
    process.exitCode = await program();
  } catch (error) {
    process.exitCode = exitCodeOf(error);
  }
}

function exitCodeOf(error: unknown): number {
  // Commander has said it already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 3;
  const problems =
    error instanceof SetupError ? error.problems : [{ message: messageOf(error), hint: undefined }];
  for (const { message, hint } of problems)
    say(`error: ${message}${hint === undefined ? '' : `\n       ${hint}`}`);
  return 3;
}

/** `--cluster`, for a program that works on one of ours. */
export function onCluster(program: Command): Command {
  const name = process.env.NETACCEPT_CLUSTER ?? 'netaccept';
  return program.option('--cluster <name>', 'made if it is not there; it stays', name);
}

/** To the person who waits. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** What was asked for. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** A whole number of the given range. Throws a SetupError that names the flag and what came. */
export function wholeNumber(flag: string, text: string, min: number, max: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= min && number <= max) return number;
  const message = `${flag}: "${text}" is not a whole number from ${min} to ${max}`;
  throw new SetupError({ code: 'option', message });
}

/** Aborted by the first Ctrl-C or SIGTERM. What runs at that moment is told as well, or gets it from the terminal itself. */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => controller.abort(signal));
  return controller.signal;
}
