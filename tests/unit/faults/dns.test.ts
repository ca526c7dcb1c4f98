import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadAllYaml } from '@kubernetes/client-node';
import { expect, test } from 'vitest';
import { answering } from '../../../fixtures/faults/corefile.ts';
import { deafDnsPod } from '../../../fixtures/faults/dns-pods.ts';

const pod = {
  name: 'coredns-1',
  node: 'node-2',
  addresses: { v4: '10.244.2.2', v6: 'fd00:10:244:2::2' },
  container: 'c0ffee',
};

test('a deaf DNS pod: one rule per address and protocol, each with its removal', () => {
  const { inject, undo } = deafDnsPod(pod);
  expect(inject.map((command) => command.join(' '))).toEqual([
    'iptables -w -t mangle -I POSTROUTING -d 10.244.2.2 -p udp --dport 53 -j DROP',
    'iptables -w -t mangle -I POSTROUTING -d 10.244.2.2 -p tcp --dport 53 -j DROP',
    'ip6tables -w -t mangle -I POSTROUTING -d fd00:10:244:2::2 -p udp --dport 53 -j DROP',
    'ip6tables -w -t mangle -I POSTROUTING -d fd00:10:244:2::2 -p tcp --dport 53 -j DROP',
  ]);
  expect(undo).toEqual(inject.map((command) => command.map((word) => (word === '-I' ? '-D' : word))));
});

test('a lie is put before the plugin that knows the truth, in the cluster’s own Corefile', async () => {
  const manifests = join(import.meta.dirname, '../../../fixtures/clusters/local/coredns.yaml');
  const objects = loadAllYaml(await readFile(manifests, 'utf8'));
  const { Corefile } = objects.find(({ kind }) => kind === 'ConfigMap').data;
  const edited = answering('web.shop.svc.cluster.local', { v4: '192.0.2.7' })(Corefile);
  expect(edited).toMatch(
    /hosts \{\n\s*192\.0\.2\.7 web\.shop\.svc\.cluster\.local\n[^}]*fallthrough\n\s*\}\n\s*kubernetes /,
  );
});

test('a Corefile that serves no cluster is not edited', () => {
  expect(() => answering('web.shop.svc.cluster.local', {})('.:53 {\n}\n')).toThrow('no cluster.local');
});
