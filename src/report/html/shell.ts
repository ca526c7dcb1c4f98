import { createHash } from 'node:crypto';
import pc from 'picocolors';
import type { RunResult } from '../../model.ts';
import { tally } from '../counts.ts';
import { headline } from '../summary-headline.ts';
import { escaped } from './escaped.ts';
import { moment } from './moment.ts';

/** The page's own style sheet and program, each as one text. */
export interface PageSources {
  css: string;
  js: string;
}

/** Everything before the data: what is read while the rest is still being decoded, or where scripts are off. */
export function pageStart(result: RunResult, { css, js }: PageSources): string {
  const total = tally(result.verdicts);
  const [verdict = '', ...facts] = headline(result, total, pc.createColors(false), Number.POSITIVE_INFINITY);
  const [word = '', meaning = ''] = verdict.split(/: (.*)/s);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(css, js)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${escaped(`${word}: ${result.cluster || 'netaccept'}`)}</title>
<style>${css}</style>
</head>
<body data-exit="${result.exitCode}">
<button type="button" class="skip" id="skip">Skip to the content</button>
<header id="top">
<div class="verdict"><h1><span class="word">${escaped(word)}</span> <span class="meaning">${escaped(meaning)}</span></h1>
${facts.map((fact, at) => `<p class="facts">${escaped(fact)}${at === 0 ? `, started <time datetime="${escaped(result.started)}">${escaped(moment(result.started))}</time>` : ''}</p>`).join('\n')}</div>
</header>
<main id="main" tabindex="-1"><noscript><p>This page needs JavaScript: a CI server that shows artifacts often forbids it, then download the page. <code>summary.txt</code> beside it says the same in short.</p></noscript></main>
`;
}

/** Packed data is base64: it cannot end its element, and a type that is no script type is never run. */
export function part(name: 'cases' | 'evidence' | 'overview', packed: string): string {
  return `<script type="text/plain" data-part="${name}">${packed}</script>\n`;
}

export function pageEnd({ js }: PageSources): string {
  return `<script>${js}</script>\n</body>\n</html>\n`;
}

/** Nothing is loaded and nothing runs but what stands here: a name that became markup would do nothing. */
function policy(css: string, js: string): string {
  return [
    "default-src 'none'",
    `style-src '${hash(css)}'`,
    `script-src '${hash(js)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

function hash(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
