import { X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Certificates, makeCertificates } from '../../../fixtures/clusters/local/certificates.ts';
import { type NodeFile, nodeFiles } from '../../../fixtures/clusters/local/node-files.ts';
import { planCluster } from '../../../fixtures/clusters/local/plan.ts';

const now = new Date('2026-11-20T12:00:00Z');
const plan = planCluster({ name: 'demo', nodes: 3, ip: 'dual' }, 0);
let certificates: Certificates;

beforeAll(async () => {
  certificates = await makeCertificates(plan, now);
});

describe('certificates', () => {
  test('of the API server hold for each name and address it is reached by', () => {
    const certificate = new X509Certificate(certificates.apiServer.certificate);
    expect(certificate.verify(new X509Certificate(certificates.ca).publicKey)).toBe(true);
    expect(certificate.checkHost('kubernetes.default.svc')).toBe('kubernetes.default.svc');
    for (const address of ['10.96.0.1', 'fd00:10:96::1', '172.29.0.11', 'fd00:29:1::11', '127.0.0.1']) {
      expect(certificate.checkIP(address)).toBe(address);
    }
  });

  test('of a kubelet are those of its Node alone', () => {
    const certificate = new X509Certificate(certificates.kubelets.get('node-2')?.certificate ?? '');
    expect(certificate.subject.split('\n')).toEqual(['O=system:nodes', 'CN=system:node:node-2']);
    expect(certificate.checkIP('172.29.0.12')).toBe('172.29.0.12');
    expect(certificate.checkIP('172.29.0.11')).toBeUndefined();
  });

  test('are valid a day before and for years after the given date', () => {
    const { validFromDate, validToDate } = new X509Certificate(certificates.admin.certificate);
    expect(validFromDate).toEqual(new Date('2026-11-19T12:00:00Z'));
    expect(validToDate.getUTCFullYear()).toBe(2036);
  });
});

describe('files of a Node', () => {
  test('name every other Node as peer, with its overlay MAC, address and pod ranges', () => {
    expect(contentOf(files('node-2'), '/etc/netaccept/peers')).toBe(
      '02:6e:61:00:00:01 172.29.0.11 10.244.1.0/24,fd00:10:244:1::/64\n' +
        '02:6e:61:00:00:03 172.29.0.13 10.244.3.0/24,fd00:10:244:3::/64\n',
    );
  });

  test('keep the authority’s and service accounts’ keys away from workers', () => {
    const onWorker = files('node-2').map((file) => file.target);
    const onControlPlane = files('node-1').map((file) => file.target);
    expect(onControlPlane).toContain('/etc/kubernetes/pki/service-account.key');
    expect(onWorker.filter((target) => /service-account|\.kube\/|apiserver/.test(target))).toEqual([]);
    expect([...onWorker, ...onControlPlane].filter((target) => target.endsWith('ca.key'))).toEqual([]);
  });

  test('let only root read keys and kubeconfigs', () => {
    const secrets = files('node-1').filter(({ content }) => /PRIVATE KEY|client-key-data/.test(content));
    expect(secrets.length).toBeGreaterThan(5);
    expect(secrets.filter(({ mode }) => mode !== 0o600)).toEqual([]);
  });

  test('let pods have host ports', () => {
    const { plugins } = JSON.parse(contentOf(files('node-2'), '/etc/cni/net.d/10-netaccept.conflist'));
    expect(plugins.map(({ type }: { type: string }) => type)).toEqual(['ptp', 'portmap']);
    expect(plugins[1].capabilities).toEqual({ portMappings: true });
  });

  test('taint the control plane only', () => {
    const taints = (node: string) =>
      JSON.parse(contentOf(files(node), '/etc/kubernetes/kubelet.json')).registerWithTaints;
    expect(taints('node-1')).toEqual([
      { key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' },
    ]);
    expect(taints('node-2')).toBeUndefined();
  });
});

function files(name: string): NodeFile[] {
  const node = plan.nodes.find((planned) => planned.name === name);
  return node ? nodeFiles(plan, node, certificates) : [];
}

function contentOf(list: NodeFile[], target: string): string {
  return list.find((file) => file.target === target)?.content ?? '';
}
