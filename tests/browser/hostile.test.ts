import { readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { allPairs, control, failed, passed, RESULTS, result } from '../unit/report/results.ts';
import { opening } from './opening.ts';

const { open, write } = opening();

const ATTACK = `</script><img src=x onerror="document.body.id='owned'"><script>document.body.id='owned'</script>`;
const VIEWS = ['#/', '#/cases', '#/nodes', '#/targets', '#/left-out', `#/node/${encodeURIComponent(ATTACK)}`];

test.each(VIEWS)('names that are markup are text and do nothing: %s', async (hash) => {
  const names = [ATTACK, 'worker'];
  const run = result({
    cluster: ATTACK,
    nodes: names,
    verdicts: allPairs(names, (entry) =>
      entry.source.node === ATTACK ? { ...failed(entry), sentence: ATTACK } : passed(entry),
    ),
    controls: [control(ATTACK, 'broken')],
    problems: [{ code: ATTACK, message: ATTACK, hint: ATTACK }],
    notes: [`Node ${ATTACK} is cordoned`],
    excluded: [{ node: ATTACK, rule: ATTACK }],
    exitCode: 2,
  });
  const page = await open(await write(run), { hash });
  await expect.poll(() => page.locator('img').count()).toBe(0);
  await expect.poll(() => page.locator('body').getAttribute('id')).toBeNull();
  await expect
    .poll(() => page.locator('main').textContent())
    .toContain(hash === '#/targets' ? 'Every case' : '<img src=x onerror=');
});

test('the policy stops markup that would get in all the same', async () => {
  const page = await open(await write(RESULTS['all-passed']));
  // Chromium says so on the console: this page is not among those that must be quiet.
  page.removeAllListeners('console');
  await page.evaluate(
    `document.body.insertAdjacentHTML('beforeend', '<a id=bait onclick="this.id=1">bait</a>')`,
  );
  await page.locator('#bait').click();
  await expect.poll(() => page.locator('#bait').count()).toBe(1);
});

test('characters that reorder or break a line are seen, not obeyed', async () => {
  const page = await open(await write(RESULTS['ugly-names']), { hash: '#/cases' });
  const text = await page.locator('main').textContent();
  expect(text).toContain('\\u202eevil');
  expect(text).toContain('esc\\x1b[31mred');
  expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
  await expect
    .poll(() => page.locator('table.cases tbody tr').count())
    .toBe(RESULTS['ugly-names'].verdicts.length);
});

test.each(Object.entries(RESULTS))('%s opens', async (_name, run) => {
  const page = await open(await write(run));
  await expect
    .poll(() => page.getByRole('heading', { level: 1 }).textContent())
    .toContain(`(exit ${run.exitCode})`);
});

test('a page that was cut says so', async () => {
  const file = await write(RESULTS['all-passed']);
  const page = await readFile(file, 'utf8');
  await writeFile(file, page.replace(/(data-part="overview">.{200})[^<]*/, '$1'));
  const shown = await open(file, { ready: 'alert' });
  await expect.poll(() => shown.getByRole('alert').textContent()).toContain('was cut or changed');
});
