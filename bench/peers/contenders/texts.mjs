import { renderSample } from '../../../dist/domain/samples.js';
import { openCatalog } from '../../../dist/sources/index.js';
import { LIBRARY_FORM } from '../../library-form.mjs';

export const MODEL = 'openai/text-embedding-3-small';
export const DIMENSIONS = 1536;

/** Returns the first `samples` of the catalog with the same texts that the product sends. */
export async function texts(url, samples) {
  const catalog = await openCatalog(url);
  const all = [];
  while (all.length < samples) {
    const limit = Math.min(1000, samples - all.length);
    const rows = await catalog.readPage({ after: all.at(-1)?.id ?? null, limit });
    if (rows.length === 0) break;
    all.push(...rows.map((row) => renderSample(row, { model: MODEL, dimensions: DIMENSIONS }, LIBRARY_FORM)));
  }
  await catalog.close();
  return all.map(({ id, text }) => ({ id, text }));
}
