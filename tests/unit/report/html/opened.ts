// A page's data read back as its program reads it, without a browser.
import type { RunResult } from '../../../../src/model.ts';
import type { Block, EvidenceBlock, Overview } from '../../../../src/report/html/format.ts';
import { htmlChunks } from '../../../../src/report/html/html.ts';
import { type Run, runOf } from '../../../../src/report/html/page/run.ts';
import { unpack } from '../../../../src/report/html/page/unpack.ts';

/** Stand-ins for the style sheet and the program: what matters here is around them. */
export const SOURCES = { css: 'body{color:red}', js: 'void 0;' };

export function pageOf(result: RunResult, passEvidenceChars?: number): string {
  return Array.from(htmlChunks(result, SOURCES, passEvidenceChars)).join('');
}

export async function opened(page: string): Promise<Run> {
  const parts = (name: string) =>
    Array.from(
      page.matchAll(new RegExp(`data-part="${name}">([^<]*)</script>`, 'g')),
      (match) => match[1] ?? '',
    );
  const [overview = ''] = parts('overview');
  const blocks = (await Promise.all(parts('cases').map(unpack))) as Block[];
  const evidence = (await Promise.all(parts('evidence').map(unpack))) as EvidenceBlock[];
  return runOf((await unpack(overview)) as Overview, blocks, async (index) => {
    const block = evidence[index];
    if (block === undefined) throw new Error(`no block ${index} of evidence`);
    return block;
  });
}

export function rowsOf({ overview }: Run): number[] {
  return Array.from({ length: overview.cases }, (_, row) => row);
}
