import { isAbsolute, join, resolve } from 'node:path';

export interface Base {
  home: string;
  cwd: string;
}

/** `~` is the home folder; what is relative counts from the working directory. */
export function absolute(path: string, { home, cwd }: Base): string {
  if (path === '~') return home;
  if (path.startsWith('~/')) return join(home, path.slice(2));
  return isAbsolute(path) ? path : resolve(cwd, path);
}
