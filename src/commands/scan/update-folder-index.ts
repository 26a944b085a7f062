import { required, type Settings } from '../../config.js';
import { usageFault } from '../../fault.js';
import { openCatalogReadOnly } from '../../hosting/open-parts.js';
import type { ScanProgress, ScanSummary } from '../../sources/types.js';
import { count } from '../../terminal/format.js';
import { createProgress } from '../../terminal/progress.js';
import type { Console } from '../console.js';
import { noSample } from './no-sample.js';
import { changesOf } from './scan-lines.js';

/**
 * Updates the index of the collection's folder, with a progress bar, and prints what has changed. Null: the catalog is
 * not a folder. Throws a Fault if the folder cannot be read, or if it has no samples.
 */
export async function updateFolderIndex(console: Console, settings: Settings): Promise<ScanSummary | null> {
  if (settings.collection.folder === null) return null;
  const summary = await refresh(console, settings);
  const { samples } = summary;
  const { roots } = settings.collection.folder;
  if (samples === 0) throw noSample(roots, summary);
  console.say(
    `Folder ${roots.join(', ')}: ${count(samples)} samples${sentence([...changesOf(summary), ...linksOutOf(summary)])}`,
  );
  return summary;
}

const linksOutOf = ({ outside }: ScanSummary): string[] =>
  outside.count === 0 ? [] : [`${count(outside.count)} left out as links to elsewhere: see embeddings scan`];

const sentence = (parts: readonly string[]): string => (parts.length === 0 ? '' : ` (${parts.join(', ')})`);

/** Does the same, but prints only the bar. */
export async function refresh(console: Console, settings: Settings): Promise<ScanSummary> {
  const stream = console.json ? console.stderr : console.stdout;
  const catalog = await openCatalogReadOnly(required(settings, 'catalogUrl'), { readUnread: false });
  let phase: ScanProgress['phase'] = 'looking';
  const bar = createProgress({
    ...{ stream, isTTY: stream.isTTY === true, columns: stream.columns ?? 80 },
    words: ({ done, total }) =>
      phase === 'waiting'
        ? 'Another command reads the folder: waiting for it'
        : phase === 'looking'
          ? `Looking: ${count(done)} audio files`
          : `Reading new files ${count(done)}/${count(total)}`,
  });
  try {
    if (catalog.refresh === undefined)
      throw usageFault('this collection is not a folder: there is nothing to scan');
    return await catalog.refresh({
      onProgress(progress) {
        if (progress.phase === 'looking' && progress.found === 0) return;
        phase = progress.phase;
        const { done, total } =
          progress.phase === 'waiting'
            ? { done: 0, total: 0 }
            : progress.phase === 'looking'
              ? { done: progress.found, total: progress.found }
              : progress;
        bar.update({ done, total, costNanos: 0, state: 'running' });
      },
    });
  } finally {
    bar.stop();
    await catalog.close();
  }
}
