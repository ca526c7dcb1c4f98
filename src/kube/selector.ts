// Kubernetes label selectors, read once for both their uses: to say which Nodes are meant, and to keep the
// DaemonSets on exactly those (as node affinity). Grammar: Kubernetes' labels documentation.
import type { V1NodeSelectorRequirement } from '@kubernetes/client-node';
import { SetupError } from '../errors.ts';

export type Requirement = Pick<V1NodeSelectorRequirement, 'key' | 'values'> & {
  operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Gt' | 'Lt';
};

const KEY = '[A-Za-z0-9][A-Za-z0-9._/-]*';
const VALUE = '[A-Za-z0-9._-]*';
const EXISTS = new RegExp(`^(!?)\\s*(${KEY})$`);
const EQUALS = new RegExp(`^(${KEY})\\s*(==|=|!=)\\s*(${VALUE})$`);
const COMPARES = new RegExp(`^(${KEY})\\s*([<>])\\s*(\\d+)$`);
const SET = new RegExp(`^(${KEY})\\s+(in|notin)\\s*\\(([^()]*)\\)$`);

/** Its requirements, all of which must hold; none for an empty selector. Throws a SetupError that names the part. */
export function parseSelector(selector: string): Requirement[] {
  const parts = splitOutsideParentheses(selector)
    .map((part) => part.trim())
    .filter((part) => part !== '');
  return parts.map((part) => {
    const requirement = parsePart(part);
    if (requirement !== undefined) return requirement;
    throw new SetupError({
      code: 'selector-invalid',
      message: `node selector "${selector}": "${part}" is not understood`,
      hint: 'a label selector is a list of: key=value, key!=value, key in (a,b), key notin (a,b), key, !key, key>1, key<1',
    });
  });
}

/** As Kubernetes decides it: an absent label satisfies `!=` and `notin`. */
export function selects(requirements: readonly Requirement[], labels: Record<string, string>): boolean {
  return requirements.every(({ key, operator, values }) => {
    const value = labels[key];
    if (operator === 'Exists') return value !== undefined;
    if (operator === 'DoesNotExist') return value === undefined;
    if (operator === 'Gt') return Number(value) > Number(values?.[0]);
    if (operator === 'Lt') return Number(value) < Number(values?.[0]);
    const listed = value !== undefined && (values ?? []).includes(value);
    return operator === 'In' ? listed : !listed;
  });
}

function parsePart(part: string): Requirement | undefined {
  const [, not, alone] = EXISTS.exec(part) ?? [];
  if (alone !== undefined) return { key: alone, operator: not === '!' ? 'DoesNotExist' : 'Exists' };
  const [, key, sign, value] = EQUALS.exec(part) ?? [];
  if (key !== undefined && value !== undefined) {
    return { key, operator: sign === '!=' ? 'NotIn' : 'In', values: [value] };
  }
  const [, number, comparison, bound] = COMPARES.exec(part) ?? [];
  if (number !== undefined && bound !== undefined) {
    return { key: number, operator: comparison === '>' ? 'Gt' : 'Lt', values: [bound] };
  }
  const [, setKey, word, list] = SET.exec(part) ?? [];
  if (setKey === undefined || list === undefined) return undefined;
  const values = list.split(',').map((item) => item.trim());
  if (!values.every((item) => new RegExp(`^${VALUE}$`).test(item))) return undefined;
  return { key: setKey, operator: word === 'in' ? 'In' : 'NotIn', values };
}

function splitOutsideParentheses(text: string): string[] {
  return text.split(/,(?![^(]*\))/);
}
