import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { messageOf } from '../errors.ts';
import type { Settings, TargetSettings } from '../model.ts';
import { absolute, type Base } from './paths.ts';
import type { Breach } from './rules.ts';
import type { Path } from './tree.ts';

const pemForm = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * The settings with certificates in the place of the files that hold them: a run's record must be whole, and
 * the agents have no files. Relative paths count from the working directory.
 */
export async function withAuthorities(
  settings: Settings,
  base: Base,
): Promise<{ settings: Settings; breaches: Breach[] }> {
  const broken: Breach[] = [];
  const read = (key: 'ingress' | 'external') =>
    Promise.all(
      settings[key].map((target, index) =>
        withAuthority(target, base, (sentence) =>
          broken.push({ paths: [[key, index, 'tls', 'ca'] satisfies Path], sentence }),
        ),
      ),
    );
  const ingress = await read('ingress');
  const external = await read('external');
  return { settings: { ...settings, ingress, external }, breaches: broken };
}

async function withAuthority(
  target: TargetSettings,
  base: Base,
  tell: (sentence: string) => void,
): Promise<TargetSettings> {
  const { question } = target;
  if (question.protocol !== 'https' && question.protocol !== 'http') return target;
  const { tls } = question;
  if (tls?.ca === undefined) return target;
  try {
    return { ...target, question: { ...question, tls: { ...tls, ca: await pemOf(tls.ca, base) } } };
  } catch (error) {
    const came = tls.ca.includes('\n') ? 'a text' : JSON.stringify(tls.ca);
    tell(`got ${came}, expected certificates in PEM or a file with them: ${messageOf(error)}`);
    return target;
  }
}

async function pemOf(ca: string, base: Base): Promise<string> {
  const inline = ca.includes('-----BEGIN');
  const file = absolute(ca, base);
  const text = inline ? ca : await readFile(file, 'utf8').catch(absent(file));
  const certificates = text.match(pemForm) ?? [];
  if (certificates.length === 0) throw new Error(`there is none in ${inline ? 'it' : file}`);
  for (const [index, certificate] of certificates.entries()) {
    try {
      new X509Certificate(certificate);
    } catch {
      throw new Error(`certificate ${index + 1} of ${inline ? 'it' : file} cannot be read`);
    }
  }
  return certificates.join('\n');
}

function absent(file: string) {
  return (error: NodeJS.ErrnoException): never => {
    throw new Error(error.code === 'ENOENT' ? `there is no ${file}` : error.message);
  };
}
