import { loadSettings, required, type Settings } from '../../config.js';
import { usageFault } from '../../fault.js';
import { openCatalogReadOnly } from '../../hosting/open-parts.js';
import { createConsole } from '../console.js';
import { ExitCode } from '../exit-codes.js';
import { noSample } from './no-sample.js';
import { scanLines } from './scan-lines.js';
import { refresh } from './update-folder-index.js';

/** `embeddings scan`: reads new files of the collection's folder and prints what was understood. Sends nothing. */
export async function scan(host: NodeJS.Process, options: { json?: boolean }): Promise<number> {
  const console = createConsole(host, options.json === true);
  const settings = loadSettings();
  if (settings.collection.folder === null) throw await notAFolder(settings);
  const summary = await refresh(console, settings);
  for (const line of scanLines(summary)) console.say(line);
  console.answer(summary);
  if (summary.samples === 0) throw noSample(settings.collection.folder.roots, summary);
  return ExitCode.Ok;
}

/** Creates the Fault for a catalog that is no folder. One that is not set, or not there, is refused as everywhere. */
async function notAFolder(settings: Settings): Promise<Error> {
  const catalog = await openCatalogReadOnly(required(settings, 'catalogUrl'));
  await catalog.close();
  return usageFault(
    `the catalog is a database (${catalog.place}), which needs no scan: embeddings --dry-run --all shows what would be ` +
      'embedded. For a folder of audio files set DATABASE_URL to its path, or source.folder in embeddings.config.yaml',
  );
}
