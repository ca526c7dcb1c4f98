// `npm run lock` after a change of dependencies: a registry that lacks some platforms' packages makes npm leave
// them out of the lock file, and then `npm ci` refuses it as out of sync. This adds what `npm ci` misses.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

interface Entry {
  version?: string;
  dev?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
}

const OS = [
  'android',
  'darwin',
  'win32',
  'freebsd',
  'linux',
  'openharmony',
  'openbsd',
  'netbsd',
  'sunos',
  'aix',
];
const CPU = ['x64', 'arm64', 'arm', 'ia32', 'ppc64', 'riscv64', 's390x', 'loong64', 'mips64el', 'wasm32'];

const lock: { packages: Record<string, Entry> } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const { stdout, stderr } = spawnSync('npm', ['ci', '--dry-run'], { encoding: 'utf8' });
const missing = new Set(
  [...(stdout + stderr).matchAll(/Missing: (\S+)@\S* from lock file/g)].map((found) => found[1]),
);
for (const name of missing) if (name !== undefined) lock.packages[`node_modules/${name}`] = entryOf(name);
const sorted = Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en'));
lock.packages = Object.fromEntries(sorted);
writeFileSync('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(`${missing.size} added to package-lock.json\n`);

/** What the package's own manifest would say, read from its name and from who asks for it. */
function entryOf(name: string): Entry {
  const owner = Object.values(lock.packages).find(
    (entry) => entry.optionalDependencies?.[name] !== undefined,
  );
  const version = owner?.optionalDependencies?.[name];
  if (owner === undefined || version === undefined) throw new Error(`nobody asks for ${name}`);
  const words = name.split('/').at(-1)?.split('-') ?? [];
  const os = words.find((word) => OS.includes(word));
  const cpu = words.find((word) => CPU.includes(word));
  const libc = os === 'linux' ? words.map(libcOf).find((found) => found !== undefined) : undefined;
  return {
    version,
    ...(cpu === undefined ? {} : { cpu: [cpu] }),
    ...(owner.dev === true ? { dev: true } : {}),
    ...(libc === undefined ? {} : { libc: [libc] }),
    optional: true,
    ...(os === undefined ? {} : { os: [os] }),
  };
}

function libcOf(word: string): string | undefined {
  if (word.startsWith('musl')) return 'musl';
  return word.startsWith('gnu') ? 'glibc' : undefined;
}
