/**
 * Reads secrets from files, as containers provide them: `OPENROUTER_API_KEY_FILE=/run/secrets/key` instead of the key
 * itself, which `docker inspect` and every child process could read.
 */
import { readFileSync, statSync } from 'node:fs';
import { usageFault } from '../fault.js';
import { inFileOf } from './secret-names.js';

type Values = Readonly<Record<string, string>>;

/** Maximum size in bytes, far above that of any key or certificate. */
const MOST_BYTES = 65_536;

/**
 * Returns the values with each `NAME_FILE` replaced by its file's content, without line ends at the end. Throws a usage
 * Fault if both NAME and NAME_FILE are set, and for a file that cannot be read, is empty or too large.
 */
export function withSecretFiles(values: Values): Record<string, string> {
  const result: Record<string, string> = { ...values };
  for (const [name, path] of Object.entries(values)) {
    const setting = inFileOf(name);
    if (setting === null) continue;
    if (setting in values) throw usageFault(`${setting} and ${name} are both set: remove one of them`);
    delete result[name];
    result[setting] = contentOf(name, path);
  }
  return result;
}

/**
 * The threat: the `.env` of another user's folder names any file of this user as a key, and the server that the key is
 * sent to. Throws a usage Fault for such a name in `.env`.
 */
export function checkNoSecretFiles(fromFile: Values, file: string): void {
  const name = Object.keys(fromFile).find((each) => inFileOf(each) !== null);
  if (name !== undefined)
    throw usageFault(
      `${name} is set in ${file} and names a file whose content would be sent as a secret: set it in the environment`,
    );
}

/**
 * Returns the file's content. Errors do not show the path: it may be the secret itself, put into the wrong variable.
 */
function contentOf(name: string, path: string): string {
  let text: string;
  try {
    const stat = statSync(path);
    if (stat.isDirectory())
      throw usageFault(`${name} names a folder (a container makes one of a missing file): name a file`);
    if (stat.size > MOST_BYTES)
      throw usageFault(`${name} names a file of ${stat.size} bytes: that is no secret`);
    text = readFileSync(path, 'utf8').trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw usageFault(`${name} names a file that cannot be read (${code}): mount it, for this user to read`);
  }
  if (text === '') throw usageFault(`${name} names a file that is empty: put the value into it`);
  return text;
}
