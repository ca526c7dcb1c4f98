import { join } from 'node:path';
import { type Answer, redirect, refusal } from './answer.ts';
import { headersOf, openFile } from './file.ts';
import { runsJson } from './json.ts';
import { metricsAnswer } from './metrics.ts';
import { pageAnswer } from './page.ts';
import type { ServedRun } from './run-folder.ts';
import type { Listing } from './runs.ts';

/** What is served: a results folder, and the runs in it. */
export interface Site {
  results: string;
  runs: Listing;
}

const NOT_FOUND = refusal(404, 'there is nothing here; / lists the runs');
const REPORT = 'report.html';

/**
 * `target` is a request's, as it came. Its parts are only ever compared with names that were found in the results
 * folder: none of them becomes part of a path.
 */
export async function answerTo(site: Site, target: string): Promise<Answer> {
  const parts = partsOf(target);
  if (parts === undefined) return refusal(400, 'the path cannot be read');
  const [first = '', second, third, ...rest] = parts;
  if (rest.length > 0) return NOT_FOUND;
  const runs = await site.runs();
  if (second === undefined) {
    if (first === '') return pageAnswer(runs);
    if (first === 'metrics') return metricsAnswer(site.results, newestFinished(runs));
    if (first === 'latest') return latest(runs, (id) => redirect(`runs/${id}/`));
    return NOT_FOUND;
  }
  if (first === 'api' && second === 'runs' && third === undefined) return runsJson(runs);
  if (first === 'latest' && third === undefined) {
    return latest(runs, (id) => redirect(`../runs/${id}/${encodeURIComponent(second)}`));
  }
  const run = first === 'runs' ? runs.find(({ id }) => id === second) : undefined;
  if (run === undefined) return NOT_FOUND;
  if (third === undefined) return redirect(`${encodeURIComponent(run.id)}/`);
  return await report(site.results, run, third === '' ? REPORT : third);
}

async function report(results: string, run: ServedRun, asked: string): Promise<Answer> {
  const name = run.files.find((known) => known === asked);
  const file = name === undefined ? undefined : await openFile(join(results, run.id), name);
  if (name === undefined || file === undefined) {
    return refusal(404, 'the run has no such report; one that is not finished has none');
  }
  return { status: 200, headers: headersOf(name), file };
}

function latest(runs: readonly ServedRun[], answer: (id: string) => Answer): Answer {
  const newest = newestFinished(runs);
  return newest === undefined
    ? refusal(404, 'no run has finished yet')
    : answer(encodeURIComponent(newest.id));
}

function newestFinished(runs: readonly ServedRun[]): ServedRun | undefined {
  return runs.find(({ outcome }) => outcome !== undefined);
}

/** Decoded once, and not resolved: `..` is a name like any other, and no run has it. */
function partsOf(target: string): string[] | undefined {
  const [path = ''] = target.split(/[?#]/);
  if (!path.startsWith('/')) return undefined;
  try {
    return path.slice(1).split('/').map(decodeURIComponent);
  } catch {
    return undefined;
  }
}
