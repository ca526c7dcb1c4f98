import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from './workspace.ts';

/** The block of docs/ci.md whose first line is a comment with this name, without that line and its indentation. */
export async function snippet(name: string): Promise<string> {
  const docs = await readFile(join(ROOT, 'docs', 'ci.md'), 'utf8');
  const block = new RegExp(`^( *)\`\`\`\\w+\n *(?:#|//) ${name}\n([\\s\\S]*?)^ *\`\`\`$`, 'm');
  const [, indent = '', text] = block.exec(docs) ?? [];
  if (text === undefined) throw new Error(`docs/ci.md has no block "${name}"`);
  return text.replace(new RegExp(`^${indent}`, 'gm'), '');
}
