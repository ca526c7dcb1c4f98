import { readFile } from 'node:fs/promises';
import { validateXML } from 'xmllint-wasm';

const SCHEMA = new URL('../../../fixtures/schemas/junit.xsd', import.meta.url);
const PAGES = 8192;

/** libxml2's complaints about `xml` against fixtures/schemas/junit.xsd; empty when it is valid. */
export async function complaintsAbout(xml: string): Promise<string[]> {
  const schema = await readFile(SCHEMA, 'utf8');
  const { valid, errors, rawOutput } = await validateXML({
    xml: { fileName: 'junit.xml', contents: xml },
    schema: { fileName: 'junit.xsd', contents: schema },
    maxMemoryPages: PAGES,
  });
  if (valid) return [];
  return errors.length > 0 ? errors.map((error) => error.message) : [rawOutput];
}

/** `xml` as an XML parser understands it, written without CDATA, for asking what a reader gets to see. */
export async function canonical(xml: string): Promise<string> {
  const { normalized, rawOutput } = await validateXML({
    xml: { fileName: 'junit.xml', contents: xml },
    normalization: 'c14n',
    maxMemoryPages: PAGES,
  });
  if (normalized === '') throw new Error(`not well-formed: ${rawOutput}`);
  return normalized;
}
