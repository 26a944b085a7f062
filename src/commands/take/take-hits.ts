import { dirname } from 'node:path';
import type { Settings } from '../../config.js';
import { usageFault } from '../../fault.js';
import type { SampleHit } from '../../search/sample-hit.js';
import { candidatesOf } from '../../sound/candidates.js';
import { soundFinder } from '../../sound/find-file.js';
import type { SoundRoots } from '../../sound/roots.js';
import { csvOf } from '../../take/csv.js';
import { copySamples } from '../../take/folder/copy-samples.js';
import { m3u8Of } from '../../take/m3u8.js';
import { openerOf } from '../../take/open-found.js';
import type { OpenSample } from '../../take/open-sample.js';
import type { Layout } from '../../take/prepare.js';
import { writeZip } from '../../take/zip.js';
import { createProgress } from '../../terminal/progress.js';
import type { Console } from '../console.js';
import type { Site } from '../site.js';
import { untilSignal } from '../until-signal.js';
import { writeWhole } from '../write-file.js';
import type { TakeOptions } from './options.js';
import type { Targets } from './targets.js';
import type { Written } from './written.js';
import { streamWhole } from './zip-file.js';

export interface TakeParts {
  options: TakeOptions;
  targets: Targets;
  settings: Pick<Settings, 'soundRoots'>;
  /** As Site has it. */
  makeSound?: Site['makeSound'];
}

/** What takes no longer needs no bar. */
const SOON_MS = 500;

/** Writes what was found wherever it is wanted. Ctrl-C ends it between two pieces of a file, and says how far it came. */
export async function takeHits(
  host: NodeJS.Process,
  { stderr }: Console,
  hits: readonly SampleHit[],
  { options: { bank, maxSeconds, rate }, targets, settings, makeSound }: TakeParts,
): Promise<Written> {
  // Of nothing, nothing is made.
  if (hits.length === 0) return {};
  const { soundRoots } = settings;
  const open = openerOf(soundFinder(soundRoots, makeSound));
  const layout: Layout = {
    ...(bank !== undefined && { bank }),
    ...(maxSeconds !== undefined && { maxSeconds }),
    ...(rate !== undefined && { rate }),
  };
  const ending = untilSignal(host);
  const stop = new AbortController();
  void ending.caught.then(() => stop.abort());
  const during = async <T>(
    verb: string,
    work: (options: { progress: (done: number, total: number) => void; signal: AbortSignal }) => Promise<T>,
  ): Promise<T> => {
    const bar = createProgress({
      ...{ stream: stderr, isTTY: stderr.isTTY === true, columns: stderr.columns ?? 80 },
      words: ({ done, total }) => `${verb} ${done}/${total}`,
    });
    const began = performance.now();
    const progress = (done: number, total: number): void => {
      if (performance.now() - began > SOON_MS)
        bar.update({ done, total, costNanos: 0, state: done === total ? 'completed' : 'running' });
    };
    return work({ progress, signal: stop.signal }).finally(() => bar.stop());
  };
  try {
    return await takeAll(hits, { open, layout, targets, soundRoots, during });
  } finally {
    ending.forget();
  }
}

interface AllParts {
  open: OpenSample;
  layout: Layout;
  targets: Targets;
  soundRoots: SoundRoots;
  during<T>(
    verb: string,
    work: (options: { progress: (done: number, total: number) => void; signal: AbortSignal }) => Promise<T>,
  ): Promise<T>;
}

async function takeAll(
  hits: readonly SampleHit[],
  { open, layout, targets: { to, zip, m3u8, csv }, soundRoots, during }: AllParts,
): Promise<Written> {
  const written: Written = {};
  if (to !== null)
    written.folder = {
      path: to,
      ...(await during('Copied', (options) => copySamples(hits, { open, folder: to, layout, ...options }))),
    };
  if (zip !== null && (written.folder?.stopped ?? null) === null)
    written.zip = {
      path: zip,
      ...(await during('Packed', (options) =>
        streamWhole('--zip', zip, (stream) => writeZip(hits, open, stream, { layout, ...options })),
      )),
    };
  if (m3u8 !== null) {
    // Beside copies it lists them: they are what goes with it.
    const copies = written.folder?.copied.map(({ hit, to: path }) => ({ hit, path }));
    const entries =
      copies ??
      hits.flatMap((hit) =>
        hit.path === null ? [] : [{ hit, path: candidatesOf(hit.path, soundRoots)[0] ?? hit.path }],
      );
    const relativeTo = copies === undefined ? {} : { relativeTo: dirname(m3u8) };
    writeText('--m3u8', m3u8, m3u8Of(entries, relativeTo));
    written.m3u8 = { path: m3u8, samples: entries.length };
  }
  if (csv !== null) {
    writeText('--csv', csv, csvOf(hits));
    written.csv = { path: csv, samples: hits.length };
  }
  return written;
}

function writeText(option: string, path: string, text: string): void {
  try {
    writeWhole(path, text);
  } catch (error) {
    throw usageFault(`${option} ${path} cannot be written: ${(error as Error).message}`, error);
  }
}
