import type { Netctl } from './netctl.ts';

/** One sentence for each key that netaccept cannot follow yet, or follows with a consequence. */
export function netctlNotes(given: Netctl, names: readonly string[]): string[] {
  const reasons = { ...always, ...ownRegistry(given), ...missingCheck(given, names), ...ownTargets(given) };
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
  dstKubeConfig: 'a second cluster cannot be probed yet, only that of srcKubeConfig is tested',
  dstImageRepository: 'a second cluster cannot be probed yet',
} satisfies Reasons;

function ownRegistry({ srcImageRepository }: Netctl): Reasons {
  if (!isNetctlsOwnRegistry(srcImageRepository)) return {};
  return { srcImageRepository: "it holds netctl's own image and not netaccept's (image.registry)" };
}

function ownTargets({
  customizedTargetIPList: hosts,
  customizedTargetPortList: ports,
  protocol,
}: Netctl): Reasons {
  if (hosts === undefined && ports === undefined) return {};
  const tell = (why: string) => ({ customizedTargetIPList: why, customizedTargetPortList: why });
  if (hosts === undefined || ports === undefined) {
    return tell('netctl has no use for addresses without ports or the reverse');
  }
  if (protocol === 'udp') {
    return tell('the silence of a UDP port proves nothing, list it under external with what to send');
  }
  if (protocol === undefined || protocol === 'tcp') return {};
  return { protocol: 'as with netctl, the customized targets are asked over TCP, and nothing else is' };
}

function missingCheck({ protocol }: Netctl, names: readonly string[]): Reasons {
  if (protocol === undefined || names.includes(protocol)) return {};
  return {
    protocol: `there is no ${protocol} check yet, so ${protocol} is NOT tested and the other checks run instead`,
  };
}

const kept =
  "autoClean is not set: as with netctl the agents stay in the cluster until 'netaccept clean' (run.keep)";
