// Groovy as Jenkins has it, from Maven Central, and a Java to run it.
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached } from '../../ci/cluster/cache.ts';
import { install, onPath } from '../../ci/cluster/debian.ts';

/** Jenkins runs its pipelines with this version. */
const VERSION = '2.4.21';
const SHA256 = 'de65260cf2070442e99882f2f3d72e7531725c1e6a257446cc0cea525c607bd0';
const ADDRESS = `https://repo1.maven.org/maven2/org/codehaus/groovy/groovy-all/${VERSION}/groovy-all-${VERSION}.jar`;

/** The command that runs a Groovy script: its path and arguments follow. */
export async function groovy(): Promise<string[]> {
  const say = (line: string) => process.stdout.write(`  ${line}\n`);
  if (!(await onPath('java'))) await install(['default-jre-headless'], 'reading the Jenkinsfile', say);
  const entry = await cached('programs', `groovy-${VERSION}`, async (folder) => {
    const answer = await fetch(ADDRESS);
    const jar = Buffer.from(await answer.arrayBuffer());
    const found = createHash('sha256').update(jar).digest('hex');
    if (found !== SHA256)
      throw new Error(`${ADDRESS}: HTTP ${answer.status}, SHA-256 ${found}, not ${SHA256}`);
    await writeFile(join(folder, 'groovy.jar'), jar);
  });
  return ['java', '-cp', join(entry, 'groovy.jar'), 'groovy.ui.GroovyMain'];
}
