// The kinds of value that the configuration knows. Each carries its own words for what is allowed: as the
// error's text, and as the description from which `netaccept init` writes its comments.
import { z } from 'zod';

const millisecondsIn = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;
const durationForm = /^(?<count>\d{1,9})(?<unit>ms|s|m|h)$/;

/** `500ms`, `2s`, `10m`, `1h`, both bounds included; milliseconds come out. */
export function duration(least: string, most: string) {
  const expected = `a duration with its unit (such as 500ms, 2s or 10m), from ${least} to ${most}`;
  const inRange = (text: string) => {
    const ms = milliseconds(text);
    return ms >= milliseconds(least) && ms <= milliseconds(most);
  };
  return z
    .string({ error: expected })
    .refine(inRange, { error: expected })
    .describe(expected)
    .transform(milliseconds);
}

/** The largest unit that gives a whole number: `2000` is `2s`. */
export function durationText(ms: number): string {
  if (ms === 0) return '0s';
  const unit = (['h', 'm', 's'] as const).find((candidate) => ms % millisecondsIn[candidate] === 0) ?? 'ms';
  return `${ms / millisecondsIn[unit]}${unit}`;
}

export function whole(least: number, most: number) {
  const expected = `a whole number from ${least} to ${most}`;
  return z
    .int({ error: expected })
    .min(least, { error: expected })
    .max(most, { error: expected })
    .describe(expected);
}

/** `all` becomes `undefined`. Digits may come as text, from a flag or a variable. */
export function wholeOrAll(most: number) {
  const expected = `a whole number from 1 to ${most}, or all`;
  const isCount = (value: string | number) =>
    /^\d{1,9}$/.test(String(value)) && Number(value) >= 1 && Number(value) <= most;
  return z
    .union([z.string(), z.number()], { error: expected })
    .refine((value) => value === 'all' || isCount(value), { error: expected })
    .describe(expected)
    .transform((value) => (value === 'all' ? undefined : Number(value)));
}

export function flag() {
  const expected = 'true or false';
  return z.boolean({ error: expected }).describe(expected);
}

export function oneOf<const Names extends readonly string[]>(names: Names) {
  const expected = `one of ${names.join(', ')}`;
  return z.enum(names, { error: expected }).describe(expected);
}

/** No value comes near this; a pattern need not be tried on what is longer. */
const LONGEST = 4096;

export function text(expected: string, form = /^/) {
  return z
    .string({ error: expected })
    .refine((value) => value.length <= LONGEST && form.test(value), { error: expected })
    .describe(expected);
}

export function listOf<Item extends z.ZodType>(item: Item, items: string) {
  const expected = `a list of ${items}`;
  return z.array(item, { error: expected }).describe(expected);
}

/** DNS-1123 label, as the API server wants a Namespace's name. */
const labelForm = '[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?';
const labelWords = 'a DNS-1123 label: a-z, 0-9 and "-" between them, at most 63 characters';
export const label = text(labelWords, new RegExp(`^${labelForm}$`));
export const labelOrDefault = text(`${labelWords}, or '' for the default`, new RegExp(`^(${labelForm})?$`));

/** DNS-1123 subdomain: names of Nodes, Secrets and PriorityClasses. */
const subdomainForm = '(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*';
const subdomainWords = 'a DNS-1123 name: a-z, 0-9, "-" and "." between them, at most 253 characters';
export const subdomain = text(subdomainWords, new RegExp(`^${subdomainForm}$`));
export const subdomainOrNone = text(`${subdomainWords}, or '' for none`, new RegExp(`^(${subdomainForm})?$`));

/** A resource quantity; a plain number is one too, as in a pod's manifest. */
const quantityWords = "a Kubernetes quantity (such as 10m, 0.5 or 48Mi), or '' for none";
export const quantityOrNone = z
  .union(
    [
      text(quantityWords, /^((\d+(\.\d*)?|\.\d+)(([numkMGTPE]|[KMGTPE]i)|[eE][+-]?\d+)?)?$/),
      z.number().nonnegative({ error: quantityWords }),
    ],
    { error: quantityWords },
  )
  .describe(quantityWords)
  .transform(String);

/** Host, port, path: what stands before a repository's name in an image reference. */
export const registryOrNone = text(
  "host[:port][/path] without a scheme (such as registry.example.org/mirror), or '' for none",
  /^(([a-zA-Z0-9]([-a-zA-Z0-9.]*[a-zA-Z0-9])?|\[[0-9a-fA-F:]+\])(:\d+)?(\/[a-z0-9]([-a-z0-9._]*[a-z0-9])?)*)?$/,
);

export const imageOrDefault = text(
  "an image reference (such as netaccept/agent:1.2.3), or '' for the default",
  /^(([a-zA-Z0-9][-a-zA-Z0-9.]*(:\d+)?\/)?[a-z0-9]([-a-z0-9._/]*[a-z0-9])?(:\w[-\w.]{0,127})?(@sha256:[0-9a-f]{64})?)?$/,
);

function milliseconds(text: string): number {
  const { count, unit } = durationForm.exec(text)?.groups ?? {};
  return Number(count) * millisecondsIn[unit as keyof typeof millisecondsIn];
}
