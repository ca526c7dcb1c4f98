// Kubernetes' remote command protocol on a WebSocket of our own: the client's Exec never tells that a socket died
// before the exit status, and dies itself of a status that is no JSON or a frame that is empty.
import type { IncomingMessage } from 'node:http';
import type { V1Status } from '@kubernetes/client-node';
import { type ClientOptions, type RawData, WebSocket } from 'ws';
import { TOO_MANY, waitMsOf } from './again.ts';
import type { KubeClient } from './connect.ts';
import { type ExecExit, exitOf } from './exec-status.ts';

export interface ExecTarget {
  namespace: string;
  pod: string;
  container: string;
  command: readonly string[];
}

export interface ExecStreams {
  /** The stream is open: `send` writes to stdin, which stays open until the socket ends. */
  onOpen(send: (text: string) => void): void;
  /** May throw: that ends the stream, and the promise with it. */
  onStdout(chunk: Buffer): void;
  onStderr(chunk: Buffer): void;
}

/** The stream never opened: nothing ran in the pod. */
export class NotOpened extends Error {
  readonly transient: boolean;
  /** The API server asks to come again after so long. */
  readonly waitMs?: number;

  constructor(message: string, transient: boolean, waitMs?: number) {
    super(message);
    this.name = 'NotOpened';
    this.transient = transient;
    if (waitMs !== undefined) this.waitMs = waitMs;
  }
}

const PROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
const CHANNEL = { stdin: 0, stdout: 1, stderr: 2, status: 3 } as const;
const STDIN_FRAME_BYTES = 32 * 1024;
const MAX_FRAME_BYTES = 4 * 1024 * 1024;
/** An exit status is some hundred bytes. */
const MAX_STATUS_BYTES = 64 * 1024;
const TRANSIENT = new Set(['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'EAI_AGAIN']);

/** Runs a command to its exit status. Rejects if the socket ends in any other way, or `signal` is aborted. */
export async function execOnce(
  client: KubeClient,
  target: ExecTarget,
  streams: ExecStreams,
  signal: AbortSignal,
): Promise<ExecExit> {
  const options: ClientOptions = { maxPayload: MAX_FRAME_BYTES, perMessageDeflate: false };
  await client.kubeconfig.applyToHTTPSOptions(options);
  signal.throwIfAborted();
  client.transport.requests++;
  const socket = new WebSocket(execUrl(client.server, target), PROTOCOLS, options);
  try {
    return await exitStatus(socket, streams, signal);
  } finally {
    // Not close(): that would wait for a peer that may be dead.
    socket.terminate();
  }
}

function exitStatus(socket: WebSocket, streams: ExecStreams, signal: AbortSignal): Promise<ExecExit> {
  return new Promise((resolve, reject) => {
    let opened = false;
    let status = '';
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    socket.on('open', () => {
      opened = true;
      streams.onOpen((text) => sendStdin(socket, text));
    });
    socket.on('unexpected-response', (_request, response) => {
      const waitMs = response.statusCode === TOO_MANY ? waitMsOf(response.headers['retry-after']) : undefined;
      void refusal(response).then((said) => reject(new NotOpened(said, false, waitMs)));
    });
    // Stays when the promise is settled: an error event without a listener would end the process.
    socket.on('error', (error: NodeJS.ErrnoException) => {
      const message = `the exec stream broke: ${error.message}`;
      reject(opened ? new Error(message) : new NotOpened(message, TRANSIENT.has(error.code ?? '')));
    });
    socket.on('close', (code, reason) => {
      const why = reason.length === 0 ? `code ${code}` : `code ${code}: ${reason}`;
      reject(new Error(`the exec stream was closed before the exit status came (${why})`));
    });
    socket.on('message', (raw) => {
      const { channel, payload } = frameOf(raw);
      try {
        if (channel === CHANNEL.stdout) streams.onStdout(payload);
        else if (channel === CHANNEL.stderr) streams.onStderr(payload);
        else if (channel === CHANNEL.status) {
          status += payload.toString('utf8');
          if (status.length > MAX_STATUS_BYTES)
            throw new Error(`the exec stream's exit status is longer than ${MAX_STATUS_BYTES} bytes`);
          const exit = exitOf(status);
          if (exit !== undefined) resolve(exit);
        }
      } catch (error) {
        reject(error);
      }
    });
  });
}

function sendStdin(socket: WebSocket, text: string): void {
  if (socket.readyState !== WebSocket.OPEN) return;
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += STDIN_FRAME_BYTES) {
    socket.send(Buffer.concat([Buffer.of(CHANNEL.stdin), bytes.subarray(at, at + STDIN_FRAME_BYTES)]));
  }
}

function frameOf(raw: RawData): { channel: number | undefined; payload: Buffer } {
  const data = Buffer.isBuffer(raw) ? raw : Array.isArray(raw) ? Buffer.concat(raw) : Buffer.from(raw);
  return { channel: data[0], payload: data.subarray(1) };
}

/** What the API server said instead of opening the stream: `pods "x" not found`, `… is forbidden`. */
async function refusal(response: IncomingMessage): Promise<string> {
  let text = '';
  try {
    for await (const chunk of response) if (text.length < 4096) text += String(chunk);
  } catch {
    // Cut off: what came is still the best evidence.
  }
  let said = text.slice(0, 200);
  try {
    said = (JSON.parse(text) as V1Status).message ?? said;
  } catch {
    // No Status of Kubernetes; a proxy's page perhaps.
  }
  return `the API server did not open the exec stream: ${response.statusCode} ${said}`.trim();
}

function execUrl(server: string, { namespace, pod, container, command }: ExecTarget): string {
  const url = new URL(`${server.replace(/^http/, 'ws')}/api/v1/namespaces/${namespace}/pods/${pod}/exec`);
  for (const part of command) url.searchParams.append('command', part);
  url.searchParams.set('container', container);
  for (const name of ['stdin', 'stdout', 'stderr']) url.searchParams.set(name, 'true');
  return url.href;
}
