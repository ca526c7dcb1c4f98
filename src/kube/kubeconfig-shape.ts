// A kubeconfig is full of secrets and is written by many hands: what is wrong with one is said without quoting it.
import type { KubeConfig } from '@kubernetes/client-node';
import { z } from 'zod';

const text = z.string();
const maybe = text.nullish();

/** As the client has read it: by its own types anything may be in these. */
const shape = z.looseObject({
  clusters: z.array(
    z.looseObject({
      name: text,
      server: text.refine(isAddress, { error: 'expected an http:// or https:// address, no user in it' }),
      caData: maybe,
      caFile: maybe,
      tlsServerName: maybe,
      proxyUrl: maybe,
    }),
  ),
  users: z.array(
    z.looseObject({
      name: text,
      token: maybe,
      certData: maybe,
      certFile: maybe,
      keyData: maybe,
      keyFile: maybe,
      username: maybe,
      password: maybe,
      exec: z.looseObject({ command: text, args: z.array(text).nullish() }).nullish(),
      authProvider: z.looseObject({ name: text }).nullish(),
    }),
  ),
  contexts: z.array(z.looseObject({ name: text, cluster: text, user: maybe })),
  currentContext: maybe,
});

/** `clusters.0.name: Invalid input: expected string, received number`, or undefined where nothing is wrong. */
export function faultOfKubeconfig(config: KubeConfig): string | undefined {
  const [issue] = shape.safeParse({ ...config }).error?.issues ?? [];
  if (issue === undefined) return undefined;
  const what = issue.message.replace(
    /^Invalid input: expected (.*), received undefined$/,
    'missing, expected $1',
  );
  return `${issue.path.join('.')}: ${what}`;
}

/** The parser's own message quotes the lines around the mistake, tokens and keys among them: only the place is told. */
export function faultOfText(error: unknown): string {
  const { mark, message = '', code } = error as { mark?: { line?: number }; message?: string; code?: string };
  if (mark?.line !== undefined) return `it is no YAML, at line ${mark.line + 1}`;
  // The file could not be read, or an entry is not there: both are told without a value.
  if (code !== undefined || /^\w+\[\d+\]\.[\w.]+ is missing$/.test(message)) return message;
  return 'it does not have the shape of one';
}

/** With a user or a password in it no request can be made, and every error would tell them. */
function isAddress(server: string): boolean {
  const { protocol = '', username, password } = URL.parse(server) ?? {};
  return /^https?:$/.test(protocol) && username === '' && password === '';
}
