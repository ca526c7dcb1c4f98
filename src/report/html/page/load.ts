import type { Block, EvidenceBlock, Overview } from '../format.ts';
import { type Run, runOf } from './run.ts';
import { unpack } from './unpack.ts';

/** The run that this document holds. The evidence stays packed until somebody asks for it. */
export async function loadRun(): Promise<Run> {
  const [overview] = partsOf('overview');
  const evidence = partsOf('evidence');
  const blocks = await Promise.all(partsOf('cases').map(async (text) => (await unpack(text)) as Block));
  let open: { index: number; block: Promise<EvidenceBlock> } | undefined;
  return runOf((await unpack(overview ?? '')) as Overview, blocks, async (index) => {
    // The last one only: a reader goes through neighbours, and a block in full is some megabytes.
    if (open?.index !== index)
      open = { index, block: unpack(evidence[index] ?? '') as Promise<EvidenceBlock> };
    return await open.block;
  });
}

function partsOf(name: string): string[] {
  return Array.from(
    document.querySelectorAll(`script[data-part="${name}"]`),
    (each) => each.textContent ?? '',
  );
}
