import type { ScanSummary } from '../../sources/types.js';
import { count, plain } from '../../terminal/format.js';

type PathTally = ScanSummary['postponed'];

/** Returns what has changed since the last scan: `12 new`, `3 moved`. */
export const changesOf = ({ added, changed, moved, removed, postponed }: ScanSummary): string[] =>
  (
    [
      [added, 'new'],
      [changed, 'changed'],
      [moved, 'moved'],
      [removed, 'gone: --prune deletes their vectors'],
      [postponed.count, 'still being written'],
    ] as const
  ).flatMap(([times, what]) => (times > 0 ? [`${count(times)} ${what}`] : []));

/** Returns which files were not taken in, in words. */
export const leftOutOf = ({ leftOut, unreadable, outside }: ScanSummary): string[] =>
  Object.entries({ ...leftOut, ...unreadable, ...(outside.count > 0 && { [LINKS_OUT]: outside }) }).map(
    ([why, tally]) => `${count(tally.count)}: ${why}`,
  );

const LINKS_OUT =
  'a link out of these folders, which is not followed: name the folder that it leads to, too, in source.folder of embeddings.config.yaml';

/** Returns the lines that describe a whole scan. */
export function scanLines(summary: ScanSummary): string[] {
  const { roots, samples, understood, took } = summary;
  return [
    `${count(samples)} samples, looked at in ${(took / 1000).toFixed(1)} s`,
    ...roots.map((root) => `  ${plain(root.path)}: ${count(root.samples)}`),
    `Since the last time: ${changesOf(summary).join(', ') || 'nothing has changed'}`,
    ...linesOfTallies('Still being written, and left for the next time', { '': summary.postponed }),
    ...linesOfTallies('Could not be read', summary.unreadable),
    ...linesOfTallies('Left out', { [LINKS_OUT]: summary.outside }),
    ...linesOfTallies('No samples', summary.leftOut),
    ...linesOfTallies('Taken in, though', summary.flawed),
    ...linesOfTallies('Tags that are left out as not usable', summary.unreadTags),
    ...linesOfTallies('Names that are no UTF-8, shown as Windows wrote them', { '': summary.oddNames }),
    ...(samples === 0 ? [] : ['Recognized fields, and of how many samples:', ...understoodLines(understood)]),
  ];
}

const understoodLines = (understood: ScanSummary['understood']): string[] =>
  Object.entries(understood).map(([field, origins]) => {
    const all = Object.values(origins).reduce((sum, times) => sum + times, 0);
    const by = Object.entries(origins).map(([origin, times]) => `${origin} ${count(times)}`);
    return `  ${field.padEnd(12)} ${count(all).padStart(8)}  ${plain(by.join(', '))}`;
  });

function linesOfTallies(what: string, by: Readonly<Record<string, PathTally>>): string[] {
  const some = Object.entries(by).filter(([, { count: times }]) => times > 0);
  return some.flatMap(([why, { count: times, examples }]) => [
    `${what}: ${count(times)}${why === '' ? '' : ` (${plain(why)})`}`,
    ...examples.map((path) => `  ${plain(path)}`),
    ...(times > examples.length ? ['  …'] : []),
  ]);
}
