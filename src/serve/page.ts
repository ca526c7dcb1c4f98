import { createHash } from 'node:crypto';
import { escaped } from '../report/html/escaped.ts';
import { moment } from '../report/html/moment.ts';
import { count, WORDS } from '../report/summary-headline.ts';
import type { Answer } from './answer.ts';
import { stateOf } from './json.ts';
import { STYLE } from './page-style.ts';
import type { ServedRun } from './run-folder.ts';
import { trend } from './trend.ts';

/** A year of nights is no page to read; /api/runs has them all. */
const SHOWN = 100;
const REPORT = 'report.html';

const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The list of runs: one page without a program, and links that also work behind a path of somebody else's. */
export function pageAnswer(runs: readonly ServedRun[]): Answer {
  return {
    status: 200,
    headers: { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': POLICY },
    text: page(runs),
  };
}

function page(runs: readonly ServedRun[]): string {
  const more = runs.length - SHOWN;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>netaccept: ${count(runs.length, 'run')}</title>
<style>${STYLE}</style>
</head>
<body>
<header><h1>netaccept</h1><p>${newest(runs)}</p></header>
<main>
${trend(runs)}
${runs.length === 0 ? '' : table(runs.slice(0, SHOWN))}
${more > 0 ? `<p>${count(more, 'older run')}: <a href="api/runs">api/runs</a> has all of them.</p>` : ''}
</main>
</body>
</html>
`;
}

function newest(runs: readonly ServedRun[]): string {
  const run = runs.find(({ outcome }) => outcome !== undefined);
  if (run?.outcome === undefined) return 'No run has finished yet.';
  return `The newest finished run: ${verdict(run)}, ${time(run)}. <a href="latest">Its report</a>`;
}

const HEADINGS = [
  'started',
  'verdict',
  'passed',
  'failed',
  'errored',
  'skipped',
  'flaky',
  'seconds',
  'cluster',
  'files',
];
const FIGURES = ['passed', 'failed', 'errored', 'skipped', 'flaky'] as const;

function table(runs: readonly ServedRun[]): string {
  return `<div class="wide" tabindex="0" role="region" aria-label="Runs"><table>
<caption>Runs, newest first</caption>
<thead><tr>${HEADINGS.map((name) => `<th scope="col">${name}</th>`).join('')}</tr></thead>
<tbody>
${runs.map(row).join('\n')}
</tbody>
</table></div>`;
}

function row(run: ServedRun): string {
  const { counts, seconds, cluster = '' } = run.outcome ?? {};
  const cells = [
    verdict(run),
    ...FIGURES.map((name) => figure(counts?.[name], name)),
    figure(seconds === undefined ? undefined : seconds.toFixed(1)),
    `<span class="name">${escaped(cluster)}</span>`,
    files(run),
  ];
  const started = run.files.includes(REPORT)
    ? `<a href="${address(run)}" title="${escaped(run.id)}">${time(run)}</a>`
    : `<span title="${escaped(run.id)}">${time(run)}</span>`;
  return `<tr><th scope="row">${started}</th>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
}

function verdict(run: ServedRun): string {
  if (run.outcome !== undefined) {
    const { exitCode } = run.outcome;
    return `<strong class="exit-${exitCode}">${WORDS[exitCode]}</strong>`;
  }
  return stateOf(run) === 'unfinished'
    ? 'not finished'
    : `<span title="${escaped(run.unreadable ?? '')}">unreadable</span>`;
}

/** Coloured where it is worth a look. */
function figure(value: number | string | undefined, kind = ''): string {
  if (value === undefined) return '';
  const quiet = value === 0 || !['failed', 'errored', 'flaky'].includes(kind);
  return `<span class="figure${quiet ? '' : ` ${kind}`}">${value}</span>`;
}

function files(run: ServedRun): string {
  if (run.files.length === 0) return '';
  const links = run.files.map((name) => `<li><a href="${address(run)}${name}">${name}</a></li>`);
  return `<details><summary>${count(links.length, 'file')}</summary><ul>${links.join('')}</ul></details>`;
}

function address({ id }: ServedRun): string {
  return `runs/${encodeURIComponent(id)}/`;
}

function time({ startedMs }: ServedRun): string {
  const iso = new Date(startedMs).toISOString();
  return `<time datetime="${iso}">${moment(iso)}</time>`;
}
