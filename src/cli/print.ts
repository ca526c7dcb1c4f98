// The only file that writes to the terminal. Results go to stdout; everything about the run to stderr.
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pc from 'picocolors';
import type { Problem } from '../model.ts';
import { wantsColour } from './colour.ts';

/** Whoever reads may have seen enough (`| head`): the command goes on to its end, and its files and exit code say the rest. */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', unlessGone);
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** A text too long for one string, as fast as the reader takes it. */
export async function printChunks(chunks: Iterable<string>): Promise<void> {
  await pipeline(Readable.from(chunks), process.stdout, { end: false }).catch(unlessGone);
}

function unlessGone(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

export function printNote(text: string): void {
  process.stderr.write(`${text}\n`);
}

export function printProblems(problems: readonly Problem[]): void {
  const { red } = pc.createColors(wantsColour(process.env, process.stderr.isTTY === true));
  for (const { message, hint } of problems) {
    process.stderr.write(`${red('error:')} ${message}\n${hint === undefined ? '' : `       ${hint}\n`}`);
  }
}

/** Overwrites the current line of a terminal. */
export function printOver(text: string): void {
  process.stderr.write(`\r\u001b[2K${text}`);
}

export function colour(): boolean {
  return wantsColour(process.env, process.stdout.isTTY === true);
}

export function width(): number {
  return Math.min(Math.max(process.stdout.columns ?? 80, 60), 120);
}
