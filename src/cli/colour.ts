/**
 * Whether to colour what goes to a stream: NO_COLOR forbids it (https://no-color.org), FORCE_COLOR asks for it where
 * nobody can know that there is a terminal (a CI's log), else only on a terminal that can.
 */
export function wantsColour(env: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  const { NO_COLOR = '', FORCE_COLOR = '', TERM } = env;
  if (NO_COLOR !== '') return false;
  if (FORCE_COLOR !== '') return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return isTerminal && TERM !== 'dumb';
}
