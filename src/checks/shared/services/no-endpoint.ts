import type { ClusterService, Family } from '../../../model.ts';
import type { Aim } from '../check.ts';
import { fullName } from './part.ts';

/** Without a ready endpoint of ours nobody could answer, and silence would say nothing about the network. */
export function noEndpoint(service: ClusterService, family: Family): Aim {
  const label = family === 'v4' ? 'IPv4' : 'IPv6';
  const detail = `${fullName(service)} has no ready ${label} endpoint`;
  return { kind: 'unsent', attempt: { outcome: 'unobserved', cause: 'no-target-agent', detail } };
}
