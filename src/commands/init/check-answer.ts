import { checkSettings } from '../../config.js';
import { parseStoreUrl } from '../../engines/libsql/url.js';
import { Fault } from '../../fault.js';
import { checkKey } from '../../providers/http/base-url.js';
import { parseCatalogUrl } from '../../sources/url.js';

/** The parsers that commands use for these settings. */
const READERS: Record<string, (value: string) => unknown> = {
  OPENROUTER_API_KEY: checkKey,
  DATABASE_URL: parseCatalogUrl,
  TURSO_DATABASE_URL: parseStoreUrl,
};

/** Returns why commands would refuse this setting together with the earlier answers; undefined: they accept it. */
export function whyRefused(
  name: string,
  value: string,
  others: Readonly<Record<string, string>>,
): string | undefined {
  try {
    checkSettings({ ...others, [name]: value });
    READERS[name]?.(value);
    return undefined;
  } catch (error) {
    if (error instanceof Fault) return error.message;
    throw error;
  }
}
