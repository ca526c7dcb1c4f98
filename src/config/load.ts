import { SetupError } from '../errors.ts';
import type { DeliverySettings, Problem, Settings } from '../model.ts';
import { withAuthorities } from './authorities.ts';
import { environmentLayer } from './environment.ts';
import { fileLayer } from './file.ts';
import { type Flags, flagLayer } from './flags.ts';
import { configProblem, type Examined, examine, type Layer } from './layer.ts';
import type { Base } from './paths.ts';
import { type Breach, breaches, remarks } from './rules.ts';
import { configSchema } from './schema.ts';
import { settingsOf } from './settings.ts';
import { at, merge, type Path, startsWith } from './tree.ts';

export interface LoadInput extends Base {
  /** The configuration file; without it `netaccept.yaml` in `cwd`, if there is one. */
  file?: string | undefined;
  env: NodeJS.ProcessEnv;
  flags: Flags;
  /** netaccept's own version. */
  version: string;
  /** Names of all checks and paths. */
  knownNames: readonly string[];
}

export interface Loaded {
  settings: Settings;
  delivery: DeliverySettings;
  /** Where they come from, weakest first, for the log. */
  sources: string[];
  /** What was ignored, could not be mapped or has a consequence to know of. */
  notes: string[];
}

/**
 * Defaults, the file, the environment and the flags, each above the one before.
 * @throws {SetupError} with every mistake of all of them, code `config`.
 */
export async function loadSettings(input: LoadInput): Promise<Loaded> {
  const schema = configSchema(input.knownNames);
  const layers = [
    await fileLayer(input.file, input, input.knownNames),
    environmentLayer(input.env, schema),
    flagLayer(input.flags),
  ];
  const examined = layers.map(({ tree, where }) => examine(tree, where, schema));
  const sound = examined.map((layer) => layer.sound).reduce(merge, {});
  const config = schema.parse(sound);
  const { settings, breaches: unread } = await withAuthorities(
    settingsOf(config, input.version, input),
    input,
  );

  const unreadable = layers.flatMap((layer) => layer.problems);
  const problems = [...unreadable, ...examined.flatMap((layer) => layer.problems)];
  // A file that could not be read would have its keys compared as if they stood at their defaults.
  if (unreadable.length === 0) {
    problems.push(...brokenRules([...breaches(settings), ...unread], layers, examined));
  }
  if (problems.length > 0) throw new SetupError(problems);

  return {
    settings,
    delivery: config.deliver,
    sources: ['defaults', ...layers.map(({ source }) => source).filter((source) => source !== '')],
    notes: [...layers.flatMap(({ notes }) => notes), ...remarks(settings)],
  };
}

function brokenRules(rules: Breach[], layers: Layer[], examined: Examined[]): Problem[] {
  const broken = examined.flatMap((layer) => layer.broken);
  const isSound = (path: Path) =>
    !broken.some((mistake) => startsWith(mistake, path) || startsWith(path, mistake));
  return rules
    .filter(({ paths }) => paths.every(isSound))
    .map(({ paths, sentence }) =>
      configProblem(
        paths[0] ?? [],
        sentence,
        paths.map((path) => origin(path, layers)),
      ),
    );
}

/** Where the value in force was written. */
function origin(path: Path, layers: Layer[]): string {
  return layers.findLast(({ tree }) => at(tree, path) !== undefined)?.where(path) ?? 'the defaults';
}
