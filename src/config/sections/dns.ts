import { z } from 'zod';
import { labelSelector } from '../label-selector.ts';
import { label, subdomain } from '../values.ts';

export const dnsSection = z.strictObject({
  domain: subdomain.prefault('cluster.local').describe("The cluster's domain."),
  namespace: label.prefault('kube-system').describe("Namespace of the cluster's DNS Service."),
  selector: labelSelector.prefault('k8s-app=kube-dns').describe('Labels by which that Service is found.'),
});
