import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/** The parts of a service that our tests read. */
export interface Service {
  image?: string;
  build?: string;
  restart?: string;
  read_only?: boolean;
  tmpfs?: string[];
  volumes?: string[];
  secrets?: string[];
  ports?: string[];
  command?: string[];
  depends_on?: Record<string, { condition: string }>;
  environment?: Record<string, string | null>;
  logging?: { driver: string; options: Record<string, string> };
  healthcheck?: { test: string[] };
}
export interface ComposeFile {
  services: Record<string, Service>;
  secrets: Record<string, Record<string, string>>;
  volumes: Record<string, unknown>;
}

type Variables = Readonly<Record<string, string>>;

export const COMPOSE_FILE = fileURLToPath(new URL('../../docker-compose.yml', import.meta.url));

/** Reads the repository's compose file as Docker Compose does with these variables, with merges (`<<`) applied. */
export const readCompose = (variables: Variables = {}): ComposeFile =>
  interpolated(parse(readFileSync(COMPOSE_FILE, 'utf8'), { merge: true }), variables) as ComposeFile;

/** Interpolates every string at any depth, except keys. */
function interpolated(value: unknown, variables: Variables): unknown {
  if (typeof value === 'string') return interpolate(value, variables);
  if (Array.isArray(value)) return value.map((each) => interpolated(each, variables));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, interpolated(each, variables)]));
}

/**
 * Interpolates as Compose does: `$$`, `$NAME`, `${NAME}` and, followed by a nested text, `:-` `-` (default), `:?` `?`
 * (required), `:+` `+` (alternative). With a colon, an empty value counts as not set. Any other `$` stays. Throws for a
 * missing required variable and for a form that Compose does not know.
 */
export function interpolate(text: string, variables: Variables): string {
  let result = '';
  let rest = text;
  for (;;) {
    const at = rest.indexOf('$');
    if (at < 0) return result + rest;
    result += rest.slice(0, at);
    rest = rest.slice(at + 1);
    const plain = /^[_a-zA-Z]\w*/.exec(rest)?.[0];
    if (rest.startsWith('{')) {
      const end = closingBrace(rest);
      result += braced(rest.slice(1, end), variables);
      rest = rest.slice(end + 1);
    } else if (plain !== undefined) {
      result += variables[plain] ?? '';
      rest = rest.slice(plain.length);
    } else {
      result += '$';
      if (rest.startsWith('$')) rest = rest.slice(1);
    }
  }
}

function braced(expression: string, variables: Variables): string {
  const [, name = '', colon, operator, operand = ''] =
    /^([_a-zA-Z]\w*)(?:(:?)([-?+])([\s\S]*))?$/.exec(expression) ?? [];
  if (name === '') throw new Error(`Compose knows no \${${expression}}`);
  const value = variables[name];
  const isSet = value !== undefined && (colon !== ':' || value !== '');
  if (operator === '+') return isSet ? interpolate(operand, variables) : '';
  if (isSet) return value;
  if (operator === '?') throw new Error(`${name} is required: ${operand}`);
  return operator === '-' ? interpolate(operand, variables) : '';
}

/** Returns the index of the brace that closes the brace at 0; each `${` in between opens another one. */
function closingBrace(text: string): number {
  let depth = 1;
  for (let at = 1; at < text.length; at++) {
    if (text.startsWith('${', at)) depth++;
    if (text[at] === '}') depth--;
    if (depth === 0) return at;
  }
  throw new Error(`a brace is not closed in $${text}`);
}
