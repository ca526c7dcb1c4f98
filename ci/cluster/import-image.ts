// A root file system as a Docker image of one layer. By `docker load`: `docker import` takes it for this machine's
// architecture, whatever `--platform` says (seen in 20.10).
import { link, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Arch } from '../image/arch.ts';
import { run } from './run.ts';

/** `archive`: a tar of the root. */
export async function importImage(archive: string, tag: string, architecture: Arch): Promise<void> {
  const folder = await mkdtemp(join(dirname(archive), '.import.'));
  try {
    const sum = await run('sha256sum', [archive], { limitSeconds: 300 });
    const layer = `sha256:${sum.slice(0, 64)}`;
    const config = {
      architecture,
      os: 'linux',
      config: { Cmd: ['bash'] },
      rootfs: { type: 'layers', diff_ids: [layer] },
    };
    await link(archive, join(folder, 'layer.tar'));
    await writeFile(join(folder, 'config.json'), JSON.stringify(config));
    const image = { Config: 'config.json', RepoTags: [tag], Layers: ['layer.tar'] };
    await writeFile(join(folder, 'manifest.json'), JSON.stringify([image]));
    const files = ['manifest.json', 'config.json', 'layer.tar'];
    await run('tar', ['-C', folder, '-cf', join(folder, 'image.tar'), ...files], { limitSeconds: 300 });
    await run('docker', ['load', '-i', join(folder, 'image.tar')], { limitSeconds: 300 });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
