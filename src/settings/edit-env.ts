import { isDeepStrictEqual } from 'node:util';
import { parse } from 'dotenv';
import { usageFault } from '../fault.js';

/**
 * The text of a `.env` with these values set: a name that stands there gets its value on its own line, others come at
 * the end; comments and all else stay. Throws a usage Fault where the outcome would not be read back as meant.
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
      `.env cannot be changed without harm to what it holds: set ${Object.keys(values).join(', ')} by hand`,
    );
  return edited;
}

/** As dotenv reads it back: bare where that is enough, else in the quotes that it does not hold. */
function quoted(name: string, value: string): string {
  const forms = [value, ...["'", '"', '`'].map((quote) => quote + value + quote)];
  const good = forms.find((form) => parse(`${name}=${form}`)[name] === value);
  if (good === undefined || /[\r\n]/.test(value))
    throw usageFault(`${name} holds characters that .env cannot: set it in the environment`);
  return good;
}
