import type { V1Status } from '@kubernetes/client-node';

/** How a command ended, by the last channel of the exec stream. */
export interface ExecExit {
  success: boolean;
  /** Only if it ran and ended with another code than 0. */
  exitCode?: number;
  message: string;
}

/** Undefined while the status is not complete. Throws if it can never become one. */
export function exitOf(text: string): ExecExit | undefined {
  // A status may come in pieces, but it is an object from its first byte.
  if (!text.startsWith('{'))
    throw new Error(`the exec stream's exit status is no JSON: ${JSON.stringify(text.slice(0, 200))}`);
  let status: V1Status;
  try {
    status = JSON.parse(text) as V1Status;
  } catch {
    return undefined;
  }
  if (status.status === 'Success') return { success: true, message: 'Success' };
  const message = status.message ?? status.reason ?? `the exec stream's exit status is ${text.slice(0, 200)}`;
  const code = status.details?.causes?.find(({ reason }) => reason === 'ExitCode')?.message;
  return { success: false, message, ...(code === undefined ? {} : { exitCode: Number(code) }) };
}
