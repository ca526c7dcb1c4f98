import type { Netctl } from './netctl.ts';

/** One sentence for each key that netaccept cannot follow yet, or follows with a consequence. */
export function netctlNotes(given: Netctl, names: readonly string[]): string[] {
  const reasons = { ...always, ...ownRegistry(given), ...missingCheck(given, names) };
  const ignored = Object.entries(reasons).flatMap(([key, why]) => {
    const value = given[key as keyof Netctl];
    return value === undefined ? [] : [`${key} ${JSON.stringify(value)} is ignored: ${why}`];
  });
  return given.autoClean === true ? ignored : [...ignored, kept];
}

/** What `netctl init` writes. */
export function isNetctlsOwnRegistry(registry: string | undefined): boolean {
  return registry === 'ghcr.io/kosmos-io';
}

type Reasons = Partial<Record<keyof Netctl, string>>;

const always = {
  version: "it is the tag of netctl's own image, and netaccept runs its own agent (image.name)",
  customizedTargetIPList:
    "chosen addresses cannot be probed yet, the cluster's own Nodes and Pods are probed instead",
  customizedTargetPortList:
    "chosen ports cannot be probed yet, netaccept's own responders are probed instead",
  dstKubeConfig: 'a second cluster cannot be probed yet, only that of srcKubeConfig is tested',
  dstImageRepository: 'a second cluster cannot be probed yet',
} satisfies Reasons;

function ownRegistry({ srcImageRepository }: Netctl): Reasons {
  if (!isNetctlsOwnRegistry(srcImageRepository)) return {};
  return { srcImageRepository: "it holds netctl's own image and not netaccept's (image.registry)" };
}

function missingCheck({ protocol }: Netctl, names: readonly string[]): Reasons {
  if (protocol === undefined || names.includes(protocol)) return {};
  return {
    protocol: `there is no ${protocol} check yet, so ${protocol} is NOT tested and the other checks run instead`,
  };
}

const kept =
  "autoClean is not set: as with netctl the agents stay in the cluster until 'netaccept clean' (run.keep)";
