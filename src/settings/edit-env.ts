import { isDeepStrictEqual } from 'node:util';
import { parse } from 'dotenv';
import { usageFault } from '../fault.js';

/**
 * Returns the text of a `.env` with these values set. A name that is there gets its value on the same line; others are
 * added at the end. All else stays, comments included. Throws a usage Fault if dotenv would not read the result as
 * intended.
 */
export function editEnv(text: string, values: Readonly<Record<string, string>>): string {
  let edited = text.replace(/^\uFEFF/, '');
  for (const [name, value] of Object.entries(values)) {
    const line = `${name}=${quoted(name, value)}`;
    const last = [
      ...edited.matchAll(new RegExp(`^[ \\t]*(?:export[ \\t]+)?${name}[ \\t]*=[^\\r\\n]*`, 'gm')),
    ].at(-1);
    if (last === undefined) edited += `${edited === '' || edited.endsWith('\n') ? '' : '\n'}${line}\n`;
    else edited = edited.slice(0, last.index) + line + edited.slice(last.index + last[0].length);
  }
  if (!isDeepStrictEqual(parse(edited), { ...parse(text), ...values }))
    throw usageFault(
      `.env cannot be changed without damage to its content: set ${Object.keys(values).join(', ')} by hand`,
    );
  return edited;
}

/**
 * Returns the value as dotenv reads it back: unquoted if possible, else in a kind of quotes that it does not contain.
 */
function quoted(name: string, value: string): string {
  const forms = [value, ...["'", '"', '`'].map((quote) => quote + value + quote)];
  const good = forms.find((form) => parse(`${name}=${form}`)[name] === value);
  if (good === undefined || /[\r\n]/.test(value))
    throw usageFault(`${name} has characters that .env cannot hold: set it in the environment`);
  return good;
}
