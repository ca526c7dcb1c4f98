import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { messageOf, SetupError } from '../errors.ts';
import type { PageSources } from '../report/html/shell.ts';

/** Where `npm run build` puts the page's program and style sheet, each bundled into one file. */
const BUILT = new URL('../report/html/page/', import.meta.url);

/** As built, in the package; bundled on the spot in a checkout, where nothing is built. */
export async function pageSources(): Promise<PageSources> {
  if (!existsSync(new URL('page.js', BUILT))) return await bundlePage();
  const [js, css] = await Promise.all(
    ['page.js', 'page.css'].map((name) => readFile(new URL(name, BUILT), 'utf8')),
  );
  return { js: js ?? '', css: css ?? '' };
}

/** The page's modules as one program and its style sheets as one, for browsers of the last two years. */
export async function bundlePage(): Promise<PageSources> {
  // A development dependency: the package has what it makes.
  const { build } = await import('esbuild').catch((error: unknown) => {
    throw new SetupError({
      code: 'page-sources',
      message: `report.html: the page's program is bundled by esbuild, which is not installed here (${messageOf(error)})`,
      hint: 'in a checkout run `npm ci`, development dependencies included; the package needs none',
    });
  });
  const { outputFiles } = await build({
    entryPoints: ['main.ts', 'page.css'].map(
      (name) => new URL(`../report/html/page/${name}`, import.meta.url).pathname,
    ),
    bundle: true,
    minify: true,
    format: 'iife',
    target: ['chrome123', 'firefox121', 'safari17.5'],
    legalComments: 'none',
    outdir: '.',
    write: false,
    logLevel: 'warning',
  });
  const textOf = (end: string) => outputFiles.find(({ path }) => path.endsWith(end))?.text ?? '';
  return { js: textOf('.js'), css: textOf('.css') };
}
