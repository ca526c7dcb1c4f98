import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { SCHEMA } from '../../../ci/docs.ts';

/** The schema as it is published. */
export const published = JSON.parse(readFileSync(SCHEMA, 'utf8')) as Record<string, unknown>;

const ajv = new Ajv2020({ allErrors: true, strict: true });
ajv.addSchema(published);
const validators = {
  report: ajv.compile({ $ref: 'urn:netaccept:report:1' }),
  verdict: ajv.compile({ $ref: 'urn:netaccept:report:1#/$defs/Verdict' }),
};

/** What is wrong with a report, or with a line of verdicts.jsonl; empty if nothing is. */
export function complaintsOf(kind: keyof typeof validators, value: unknown): string[] {
  const validate = validators[kind];
  validate(value);
  return (validate.errors ?? []).slice(0, 5).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
