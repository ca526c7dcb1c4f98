import { afterEach, expect, test, vi } from 'vitest';
import { main } from '../../../src/cli/program.ts';
import { blocksOf, codeIn, pagePaths, readPage } from './pages.ts';

afterEach(() => vi.restoreAllMocks());

/** `netaccept …` as it stands in shell blocks and in running text, with its page. */
const written = pagePaths.flatMap((path) => {
  const page = readPage(path);
  const lines = blocksOf(page, 'sh').flatMap((block) => block.split('\n'));
  const commands = [...lines, ...codeIn(page.replace(/```[\s\S]*?```/g, ''))].flatMap(commandIn);
  return [...new Set(commands)].map((command) => ({ path, command }));
});

test('the documentation has commands', () => {
  expect(written.length).toBeGreaterThan(20);
});

test.each(written)('$path: $command', async ({ command }) => {
  expect(await complaintsAbout(command)).toEqual([]);
});

test.each([
  ['netaccept chekc', ['there is no command chekc']],
  ['netaccept check --only tcp --soon -z', ['check has no --soon', 'check has no -z']],
  ['netaccept', []],
])('%s: %j', async (command, complaints) => {
  expect(await complaintsAbout(command)).toEqual(complaints);
});

/** What begins with `netaccept`, be it by npx or at the end of a comment, up to the next comment. */
function commandIn(line: string): string[] {
  const match = /(?:^|npx (?:--yes )?|or: )netaccept(?:@\S+)?((?: [^#;&|]*)?)(?:$|\s+#|;|&|\|)/.exec(
    line.trim(),
  );
  return match?.[1] === undefined ? [] : [`netaccept${match[1]}`.trim()];
}

/** Commands and flags that the program does not have. */
async function complaintsAbout(command: string): Promise<string[]> {
  const words = command.split(/\s+/).slice(1);
  const path: string[] = [];
  let help = await helpOf(path);
  for (const word of words) {
    if (!helpNames(help).includes(word)) break;
    path.push(word);
    help = await helpOf(path);
  }
  const [next] = words.slice(path.length);
  // Only the program itself and groups of commands have commands; then there must be one.
  if (helpNames(help).length > 0 && next !== undefined && /^[a-z]+$/.test(next)) {
    return [`there is no command ${next}`];
  }
  const flags = words.filter((word) => /^-{1,2}[a-z]/.test(word)).map((word) => word.split('=')[0] ?? '');
  const known = [...help.matchAll(/(?<=[\s,])--?[a-z][-a-z]*/g)].map(([flag]) => flag);
  return flags.filter((flag) => !known.includes(flag)).map((flag) => `${path.join(' ')} has no ${flag}`);
}

function helpNames(help: string): string[] {
  const [, commands = ''] = help.split(/^Commands:$/m);
  return [...commands.matchAll(/^ {2}([a-z]+)/gm)].map(([, name = '']) => name);
}

async function helpOf(path: readonly string[]): Promise<string> {
  const chunks: string[] = [];
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    chunks.push(String(chunk));
    return true;
  });
  await main([...path, '--help']);
  spy.mockRestore();
  return chunks.join('');
}
