// The documentation as its tests read it.
import { globSync, readFileSync } from 'node:fs';
import { marked, type Token, type Tokens } from 'marked';

const ROOT = new URL('../../../', import.meta.url);

/** Paths of all Markdown files, from the top, bytewise. */
export const pagePaths: readonly string[] = globSync('**/*.md', {
  cwd: ROOT.pathname,
  exclude: (path) => /(^|\/)(node_modules|results|dist)(\/|$)/.test(path),
}).sort();

export function readPage(path: string): string {
  return readFileSync(new URL(path, ROOT), 'utf8');
}

/** What stands between `<!-- name -->` and `<!-- name: end -->`. */
export function between(text: string, name: string): string {
  const [, rest = ''] = text.split(`<!-- ${name} -->`);
  const [content = '', end] = rest.split(`<!-- ${name}: end -->`);
  if (end === undefined) throw new Error(`there is no <!-- ${name} --> … <!-- ${name}: end -->`);
  return content;
}

/** Every token, those within others too. */
export function tokensOf(markdown: string): Token[] {
  const all: Token[] = [];
  void marked.walkTokens(marked.lexer(markdown), (token) => {
    all.push(token);
  });
  return all;
}

export function blocksOf(markdown: string, lang?: string): string[] {
  const blocks = tokensOf(markdown).filter((token): token is Tokens.Code => token.type === 'code');
  return blocks.filter((block) => lang === undefined || block.lang === lang).map(({ text }) => text);
}

/** Rows of all its tables, without the headers; each cell as it is written. */
export function rowsOf(markdown: string): string[][] {
  const tables = tokensOf(markdown).filter((token): token is Tokens.Table => token.type === 'table');
  return tables.flatMap(({ rows }) => rows.map((cells) => cells.map(({ text }) => text)));
}

export function headingsOf(markdown: string): Tokens.Heading[] {
  return tokensOf(markdown).filter((token): token is Tokens.Heading => token.type === 'heading');
}

/** What stands in backticks, without the backticks. */
export function codeIn(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}
