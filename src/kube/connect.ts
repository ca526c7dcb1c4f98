import {
  AppsV1Api,
  AuthorizationV1Api,
  BatchV1Api,
  CoordinationV1Api,
  CoreV1Api,
  createConfiguration,
  DiscoveryV1Api,
  type KubeConfig,
  NetworkingV1Api,
  ServerConfiguration,
  setHeaderMiddleware,
  VersionApi,
  type VersionInfo,
  wrapHttpLibrary,
} from '@kubernetes/client-node';
import { messageOf, SetupError } from '../errors.ts';
import { codeOf, isAbort, statusOf } from './api-error.ts';
import { call } from './call.ts';
import { type KubeconfigOptions, loadKubeconfig } from './kubeconfig.ts';
import { createTransport, type Transport, TransportError } from './transport.ts';

export interface KubeClient {
  /** Names of the kubeconfig's cluster and context, and the API server's version (`v1.35.0`). */
  readonly cluster: string;
  readonly context: string;
  readonly version: string;
  /** The API server's address, without a trailing slash. */
  readonly server: string;
  /** API requests sent so far, exec streams included. */
  readonly requests: number;
  readonly core: CoreV1Api;
  readonly apps: AppsV1Api;
  readonly coordination: CoordinationV1Api;
  readonly authorization: AuthorizationV1Api;
  readonly batch: BatchV1Api;
  readonly discovery: DiscoveryV1Api;
  readonly networking: NetworkingV1Api;
  readonly kubeconfig: KubeConfig;
  readonly transport: Transport;
}

/** From the first connection to the answer, retries included. */
const CONNECT_MS = 10_000;

/**
 * A client of the cluster that the kubeconfig names, proven by one `GET /version`. Throws a SetupError if
 * there is no kubeconfig, no such context, no answer within 10 s, or the credentials are refused.
 */
export async function connect(options: KubeconfigOptions = {}, signal?: AbortSignal): Promise<KubeClient> {
  const kubeconfig = loadKubeconfig(options);
  const context = kubeconfig.getCurrentContext();
  const cluster = kubeconfig.getContextObject(context)?.cluster ?? context;
  const server = (kubeconfig.getCurrentCluster()?.server ?? '').replace(/\/+$/, '');
  const transport = createTransport();
  const configuration = createConfiguration({
    baseServer: new ServerConfiguration(server, {}),
    authMethods: { default: kubeconfig },
    httpApi: wrapHttpLibrary(transport),
    middleware: [setHeaderMiddleware('User-Agent', 'netaccept')],
  });
  const version = await versionOf(new VersionApi(configuration), { cluster, context, server }, signal);
  return {
    cluster,
    context,
    version,
    server,
    kubeconfig,
    transport,
    core: new CoreV1Api(configuration),
    apps: new AppsV1Api(configuration),
    coordination: new CoordinationV1Api(configuration),
    authorization: new AuthorizationV1Api(configuration),
    batch: new BatchV1Api(configuration),
    discovery: new DiscoveryV1Api(configuration),
    networking: new NetworkingV1Api(configuration),
    get requests() {
      return transport.requests;
    },
  };
}

interface Target {
  cluster: string;
  context: string;
  server: string;
}

async function versionOf(api: VersionApi, target: Target, signal?: AbortSignal): Promise<string> {
  const deadline = AbortSignal.timeout(CONNECT_MS);
  const either = signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
  try {
    const { gitVersion }: Partial<VersionInfo> = await api.getCode({}, call(either));
    if (gitVersion === undefined) throw new Error('its GET /version is not that of a Kubernetes API server');
    return gitVersion;
  } catch (error) {
    if (signal?.aborted) throw error;
    const where = `cluster "${target.cluster}" (context "${target.context}") at ${target.server}`;
    throw new SetupError(problemOf(error, where, deadline.aborted), { cause: error });
  }
}

function problemOf(error: unknown, where: string, late: boolean) {
  if (late || isAbort(error)) {
    return {
      code: 'cluster-unreachable',
      message: `${where} did not answer within ${CONNECT_MS / 1000} s`,
      hint: 'check the address, and that no firewall drops the way to it',
    };
  }
  if (error instanceof TransportError) {
    return {
      code: 'cluster-unreachable',
      message: `${where} cannot be reached: ${error.message}`,
      hint: 'is the API server running, and is this the right context?',
    };
  }
  const code = codeOf(error);
  if (code === 401) {
    return {
      code: 'unauthorized',
      message: `${where} does not accept the credentials (401)`,
      hint: 'check the user of this context: an expired token or client certificate is the usual cause',
    };
  }
  if (code !== undefined) {
    const said = statusOf(error).message ?? `status ${code}`;
    return { code: 'api-refused', message: `${where} refused GET /version: ${said}` };
  }
  // Neither the server nor the way to it: the kubeconfig's own parts, e.g. a credential plugin that is not there.
  return { code: 'kubeconfig-invalid', message: `${where} cannot be used: ${messageOf(error)}` };
}
