import type { Check } from '../checks/shared/check.ts';
import type { Problem, Settings, Topology } from '../model.ts';

/**
 * A problem for each name in `only` that stands for nothing but checks without a single case, because the
 * settings do not say what these are to test: who asks for a check by name must not take its absence for a pass.
 */
export function unconfigured(checks: readonly Check[], topology: Topology, settings: Settings): Problem[] {
  const isIdle = (check: Check) =>
    check.runs !== 'by default' && check.expand(topology, settings).length === 0;
  return settings.only.flatMap((name) => {
    const meant = checks.filter((check) => [check.name, ...check.paths].includes(name));
    return meant.length > 0 && meant.every(isIdle) ? [problemOf(name, meant)] : [];
  });
}

function problemOf(name: string, checks: readonly Check[]): Problem {
  const why = checks.map((check) => `${check.name} runs ${check.runs}`).join('; ');
  return {
    code: 'unconfigured',
    message: `only: ${name} was asked for and has no case, so nothing would be proven: ${why}`,
    hint: `add what to test to the configuration, or leave ${name} out of --only and only`,
  };
}
