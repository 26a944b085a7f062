import { z } from 'zod';
import { type ConfigDocument, type Path, shownName } from './config-document.js';
import { configSchema, NAME_RULE } from './config-schema.js';
import { isMapping } from './config-variables.js';
import { nearestName } from './nearest-name.js';

const NO_NAME = `is no name for a collection: use ${NAME_RULE}`;

/** Returns the file's content with its types. Throws a usage Fault with a line for each error. */
export function checkConfig(document: ConfigDocument, value: unknown): z.output<typeof configSchema> {
  const parsed = configSchema.safeParse(value, { reportInput: true });
  for (const issue of parsed.error?.issues ?? []) refuse(document, issue);
  // zod ignores this key.
  const collections = isMapping(value) ? value.collections : null;
  if (isMapping(collections) && Object.hasOwn(collections, '__proto__'))
    document.refuse(['collections', '__proto__'], NO_NAME, 'key');
  document.check();
  // check() throws if there was an issue, so there is data.
  return parsed.data as z.output<typeof configSchema>;
}

function refuse(document: ConfigDocument, issue: z.core.$ZodIssue): void {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys')
    for (const key of issue.keys) document.refuse([...path, key], notKnown(key, keysAt(path)), 'key');
  else if (issue.code === 'invalid_key') document.refuse(path, NO_NAME, 'key');
  else if (issue.code !== 'invalid_type') document.refuse(path, issue.message);
  else if (issue.input === undefined) document.refuse(path, missing(path), 'key');
  else
    document.refuse(path, `must be ${KINDS[issue.expected] ?? issue.expected}, not ${kindOf(issue.input)}`);
}

const missing = (path: Path): string =>
  path.length === 1
    ? 'is missing: write "collections:", and each collection below it under its name'
    : 'is missing';

function notKnown(key: string, known: readonly string[]): string {
  if (key === '<<') return 'is not part of YAML 1.2: name the anchor as a value, or write the lines out';
  const near = nearestName(key, known);
  return `is not known here: ${near === null ? `known are ${known.join(', ')}` : `did you mean ${near}?`}`;
}

/** The expected types, as messages name them. */
const KINDS: Readonly<Record<string, string>> = {
  string: 'text (put it in quotes)',
  number: 'a number',
  int: 'a whole number',
  array: 'a list, as in [name, bpm]',
  object: 'names with values, indented below it',
  record: 'names with values, indented below it',
};

function kindOf(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'names with values';
  return typeof value === 'string'
    ? 'text'
    : typeof value === 'boolean'
      ? 'true or false'
      : Number.isInteger(value)
        ? 'a number'
        : 'a fraction';
}

/** Returns the keys that the schema knows at a path. */
function keysAt(path: Path): string[] {
  let schema: unknown = configSchema;
  for (const step of path) {
    schema = bare(schema);
    if (schema instanceof z.ZodObject) schema = schema.shape[String(step)];
    else if (schema instanceof z.ZodRecord) schema = schema.valueType;
  }
  const last = bare(schema);
  return last instanceof z.ZodObject
    ? Object.keys(last.shape).filter((key) => shownName(key) === key && key !== '$schema')
    : [];
}

const bare = (schema: unknown): unknown => (schema instanceof z.ZodOptional ? schema.unwrap() : schema);
