import { pathToFileURL } from 'node:url';
import { Fault } from '../../../fault.js';
import { parseCatalogUrl } from '../../../sources/url.js';

/** Returns a path for `source.url`: unchanged, or as a URL if some of its characters have a special meaning there. */
export function catalogUrlOf(path: string): string {
  try {
    const url = parseCatalogUrl(path);
    if (url.dialect === 'sqlite' && url.path === path && !path.includes('${')) return path;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
  }
  return pathToFileURL(path).href.replaceAll('$', '%24');
}
