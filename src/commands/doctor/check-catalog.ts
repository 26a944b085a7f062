import { documentForm } from '../../collections/document-form.js';
import { required, type Settings } from '../../config.js';
import { notesOf } from '../../domain/catalog-notes.js';
import { lossesOf, refusal, shapeOfTexts } from '../../domain/check-shape.js';
import { leftOutOfFirst, leftOutSentence } from '../../domain/left-out.js';
import { usageFault } from '../../fault.js';
import { withStore } from '../../hosting/existing-store.js';
import { openCatalogReadOnly } from '../../hosting/open-parts.js';
import { count } from '../../terminal/format.js';
import { noSample } from '../scan/no-sample.js';

/** Samples whose fields are checked; a dry run checks all. */
const LOOKED_AT = 1000;

/**
 * Returns what doctor says of the catalog: its size, what is absent, what row-level security hides. Throws a Fault if
 * the next run would refuse to begin because the texts have lost something since the last run.
 */
export async function checkCatalog(settings: Settings): Promise<string> {
  const catalog = await openCatalogReadOnly(required(settings, 'catalogUrl'), { readUnread: false });
  try {
    const summary = await catalog.refresh?.({});
    const { dialect, samples } = await catalog.inspect();
    if (samples === 0 && summary !== undefined && settings.collection.folder !== null)
      throw noSample(settings.collection.folder.roots, summary);
    if (samples === 0)
      throw usageFault(
        `${dialect}, no sample: there is nothing to embed. Import some, or set DATABASE_URL to the database (or the role) that has them`,
      );
    const shape = shapeOfTexts(await catalog.survey(), settings.collection.text.fields);
    const leftOut = await leftOutOfFirst(catalog, documentForm(settings.collection), LOOKED_AT);
    const of = samples > LOOKED_AT ? ` (of the first ${count(LOOKED_AT)})` : '';
    const said = [
      settings.collection.folder === null ? `${dialect}, ${count(samples)} samples` : catalog.place,
      ...notesOf(shape),
      `fields left out as not usable${of}: ${leftOutSentence(leftOut)}`,
    ].join('; ');
    // A store that cannot be read is reported by doctor's next check.
    const remembered = await withStore(settings, (store) => store.rememberedShape()).catch(() => null);
    const losses = lossesOf(shape, remembered);
    if (losses.length > 0) throw usageFault(`${said}; ${refusal(losses)}`);
    return said;
  } finally {
    await catalog.close();
  }
}
