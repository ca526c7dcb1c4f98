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

test('a deaf DNS pod: one rule per address and protocol in its own network, each with its removal', () => {
  const { inject, undo } = deafDnsPod(pod);
  const rules = (commands: string[][]) =>
    commands.map((command) => {
      const [, address, rule] = command.join(' ').match(/ (\S+)\/' && exec nsenter --net=\$ns (.*)$/m) ?? [];
      return `${address}: ${rule}`;
    });
  expect(rules(inject)).toEqual([
    '10.244.2.2: iptables -w -I INPUT -p udp --dport 53 -j DROP',
    '10.244.2.2: iptables -w -I INPUT -p tcp --dport 53 -j DROP',
    'fd00:10:244:2::2: ip6tables -w -I INPUT -p udp --dport 53 -j DROP',
    'fd00:10:244:2::2: ip6tables -w -I INPUT -p tcp --dport 53 -j DROP',
  ]);
  expect(rules(undo)).toEqual(rules(inject).map((rule) => rule.replace(' -I ', ' -D ')));
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
