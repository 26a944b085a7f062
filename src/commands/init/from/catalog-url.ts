import { pathToFileURL } from 'node:url';
import { Fault } from '../../../fault.js';
import { parseCatalogUrl } from '../../../sources/url.js';

/** A path as `source.url` takes it: as it is, or as a URL where something in it would be read as another thing. */
export function catalogUrlOf(path: string): string {
  try {
    const url = parseCatalogUrl(path);
    if (url.dialect === 'sqlite' && url.path === path && !path.includes('${')) return path;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
  }
  return pathToFileURL(path).href.replaceAll('$', '%24');
}
