import type { TestModule } from 'vitest/node';
import { VerdictReporter } from '../../src/judge/reporter.ts';

/**
 * In plain `vitest run` this reporter writes the same reports as `netaccept check`. The folder comes
 * through the environment, because Vitest loads global set-ups in another module graph than reporters.
 */
// biome-ignore lint/style/noDefaultExport: Vitest takes a reporter that is named by its file from there.
export default class ReportWriter extends VerdictReporter {
  override async onTestRunEnd(
    modules: readonly TestModule[],
    errors: readonly { message: string }[],
  ): Promise<void> {
    await super.onTestRunEnd(modules, errors);
    const dir = process.env.NETACCEPT_RECORDED;
    if (dir === undefined) return;
    // Every project's test run loads this reporter; only a recorded one needs the suite.
    const { reportJudged } = await import('../../src/suite/judge.ts');
    const { files } = await reportJudged(dir, this.judged);
    process.stdout.write(`\nnetaccept: ${files['junit.xml']}\n`);
  }
}
