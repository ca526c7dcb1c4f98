import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { onTestFinished } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';

export interface FakeApiServer {
  kubeconfig: string;
  /** Connections that were opened so far. */
  connections(): number;
  requests: string[];
}

export interface Behaviour {
  /** Anything but GET /version. Without it: 404. */
  onRequest?(request: IncomingMessage, response: ServerResponse): void;
  onVersion?(request: IncomingMessage, response: ServerResponse): void;
  /** An exec stream that was opened. */
  onExec?(socket: WebSocket, request: IncomingMessage): void;
  /** Before an exec stream opens: true if this took care of the socket. */
  onUpgrade?(socket: Duplex, attempt: number): boolean;
}

/** A real HTTP and WebSocket server on loopback that behaves like a good or a bad API server; ends with the test. */
export async function fakeApiServer(behaviour: Behaviour = {}): Promise<FakeApiServer> {
  const requests: string[] = [];
  let connections = 0;
  let upgrades = 0;
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    if (request.url === '/version') {
      if (behaviour.onVersion !== undefined) behaviour.onVersion(request, response);
      else sendJson(response, 200, { gitVersion: 'v1.35.0' });
    } else if (behaviour.onRequest !== undefined) behaviour.onRequest(request, response);
    else sendJson(response, 404, { kind: 'Status', message: 'not here' });
  });
  server.on('connection', () => connections++);
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket: Duplex, head) => {
    requests.push(`${request.method} ${request.url}`);
    socket.on('error', () => undefined);
    if (behaviour.onUpgrade?.(socket, ++upgrades)) return;
    sockets.handleUpgrade(request, socket, head, (ws) => behaviour.onExec?.(ws, request));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const folder = mkdtempSync(join(tmpdir(), 'netaccept-fake-api-'));
  onTestFinished(() => {
    for (const socket of sockets.clients) socket.terminate();
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, kubeconfigText(`http://127.0.0.1:${port}`));
  return { kubeconfig, requests, connections: () => connections };
}

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

/** Plain HTTP with a setting of TLS: the client then makes a dispatcher per request, as it does for a real server. */
export function kubeconfigText(server: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'fake',
    clusters: [{ name: 'fake-cluster', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'me', user: { token: 'secret' } }],
    contexts: [{ name: 'fake', context: { cluster: 'fake-cluster', user: 'me' } }],
  });
}
