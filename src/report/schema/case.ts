// What was expected, as report.json and verdicts.jsonl write it.
import { z } from 'zod';
import { family, network } from '../../shapes/seen.ts';

const optional = z.exactOptional;

const path = z.enum([
  'pod-to-pod',
  'pod-to-node',
  'pod-to-service',
  'pod-to-dns',
  'pod-to-api-server',
  'pod-to-ingress',
  'pod-to-external',
  'node-to-pod',
  'node-to-node',
  'node-to-service',
  'node-to-dns',
  'node-to-api-server',
  'node-to-ingress',
  'node-to-external',
  'on-node',
]);

const source = z
  .strictObject({
    cluster: z.string().describe('Name of the cluster.'),
    node: z.string().describe('The Node that the case starts at.'),
    network: network.describe("The Pods' network there, or the Node's own."),
  })
  .meta({ id: 'Source', description: 'Where a case starts.' });

const target = z
  .strictObject({
    cluster: z.string().describe('Name of the cluster.'),
    name: z.string().describe('As it stands in the id, after the arrow.'),
    node: optional(z.string()).describe('The Node that the target is at, where it is at one.'),
    network: optional(network).describe("The Pods' network there, or the Node's own."),
  })
  .meta({ id: 'Target', description: 'What a case goes to.' });

export const caseShape = z
  .strictObject({
    id: z.string().describe('Unique in a run and the same in every run, e.g. `pod-to-pod/tcp/v4 a → b`.'),
    check: z.string().describe('The check, as `netaccept checks` lists it.'),
    path: path.describe('From where to where.'),
    family: optional(family).describe('IPv4 or IPv6; absent where the case is about neither.'),
    source: source.describe('Where it starts.'),
    target: target.describe('What it goes to.'),
    locality: optional(z.enum(['same-node', 'cross-node'])).describe(
      'Absent where the target is at no Node.',
    ),
    about: optional(z.record(z.string(), z.string())).describe('What tells it from its siblings, by name.'),
    expect: optional(z.literal('blocked')).describe('It passes only if the target does not answer here.'),
    skip: optional(z.string()).describe('The rule that leaves it out, as a sentence.'),
  })
  .meta({ id: 'Case', description: 'One entry of the matrix, built from names and never from addresses.' });

export const control = z
  .strictObject({
    id: z.string().describe('Unique in a run.'),
    kind: z.enum(['closed-port', 'silent-address']).describe('What is probed.'),
    check: z.string().describe('The check whose probe it is.'),
    family: family.describe('IPv4 or IPv6.'),
    source: source.describe('Where it starts.'),
  })
  .meta({ id: 'Control', description: 'A probe that must never be answered.' });
