import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { V1DaemonSet, V1Namespace, V1Service, V1ServiceAccount } from '@kubernetes/client-node';
import { parseAllDocuments } from 'yaml';

export type Manifest = V1Namespace | V1ServiceAccount | V1DaemonSet | V1Service;

/** The package's own manifests/: seen from src/kube, or from dist/src/kube once it is built. */
export function manifestsFolder(): string {
  const candidates = ['../../manifests/', '../../../manifests/'].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  );
  const folder = candidates.find((path) => existsSync(`${path}kustomization.yaml`));
  if (folder === undefined)
    throw new Error(`the package is incomplete: no manifests at ${candidates.join(' or ')}`);
  return folder;
}

/** Every object of the kustomize base but the roles, in the files' order. */
export function readManifests(folder = manifestsFolder()): Manifest[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml') && name !== 'kustomization.yaml');
  const all = [...files, 'namespaces/namespaces.yaml'].sort();
  return all.flatMap((name) => parseManifests(readFileSync(`${folder}${name}`, 'utf8')));
}

function parseManifests(text: string): Manifest[] {
  return parseAllDocuments(text).map((document) => document.toJS() as Manifest);
}
