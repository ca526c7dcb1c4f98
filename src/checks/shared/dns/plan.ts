import type { Case, Family, Settings, Target, Topology } from '../../../model.ts';
import { caseOf, localityOf, sourcesOf } from '../case.ts';
import { type Question, questionsFor } from './questions.ts';
import { dnsServices, familiesOf, type Server, serversOf } from './servers.ts';

/** What one case is about, apart from its source. */
export interface DnsTask {
  server: Server;
  question: Question;
  family: Family | undefined;
  target: Target;
}

/** Every server × its families × its questions from every source, and one case that says so where no DNS Service is. */
export function expandDns(topology: Topology, settings: Settings): Case[] {
  const { cluster } = topology;
  const none = dnsServices(topology).length === 0;
  const tasks = [...tasksOf(topology, settings).values()];
  const sources = sourcesOf(topology, settings, { pod: 'pod-to-dns', host: 'node-to-dns' });
  return sources.flatMap(({ path, endpoint, skip }) => {
    const shared = { check: 'dns', path, source: endpoint, skip };
    const missing = none ? [caseOf({ ...shared, target: { cluster, name: 'DNS Service' } })] : [];
    const cases = tasks.map(({ server, question, family, target }) =>
      caseOf({
        ...shared,
        ...(family === undefined ? {} : { family }),
        target,
        ...localityOf(endpoint, target),
        about: { server: server.name, question: question.label, transport: question.transport },
      }),
    );
    return [...missing, ...cases];
  });
}

/** What a case of `expandDns` is about; undefined for the one that says that there is no DNS Service. */
export function taskOf(
  { family, target }: Case,
  topology: Topology,
  settings: Settings,
): DnsTask | undefined {
  return tasksOf(topology, settings).get(keyOf(family, target.name));
}

// Every case of every source asks for it: made once.
const plans = new WeakMap<Topology, WeakMap<Settings, Map<string, DnsTask>>>();

function tasksOf(topology: Topology, settings: Settings): Map<string, DnsTask> {
  const known = plans.get(topology) ?? new WeakMap<Settings, Map<string, DnsTask>>();
  plans.set(topology, known);
  const tasks = known.get(settings) ?? new Map(makeTasks(topology, settings));
  known.set(settings, tasks);
  return tasks;
}

function makeTasks(topology: Topology, settings: Settings): [string, DnsTask][] {
  return serversOf(topology, settings.dns).flatMap((server) =>
    familiesOf(server).flatMap((family) =>
      questionsFor(server, topology, settings).map((question): [string, DnsTask] => {
        const name = `${server.name}: ${question.label} by ${question.transport}`;
        const place = server.node === undefined ? {} : { node: server.node, network: 'pod' as const };
        const target = { cluster: topology.cluster, name, ...place };
        return [keyOf(family, name), { server, question, family, target }];
      }),
    ),
  );
}

function keyOf(family: Family | undefined, name: string): string {
  return `${family ?? '-'} ${name}`;
}
