import type { SoundRoots } from './roots.js';

/** Why a sample cannot be played. */
export type RefusalKind =
  /** The catalog names no file. */
  | 'no-path'
  /** SAMPLES_ROOT is not set. */
  | 'no-root'
  /** The file is in none of the roots, with symbolic links followed. */
  | 'outside'
  | 'gone'
  /** It is a folder, a pipe or a device. */
  | 'not-a-file'
  | 'unreadable'
  /** The file is not audio, or has no sound. */
  | 'no-audio'
  /** Sound in a form that browsers do not play; the file itself can be downloaded. */
  | 'unplayable';

export interface SoundRefusal {
  kind: RefusalKind;
  /** The problem and the cure. It contains no path, so anyone may see it. */
  sentence: string;
  /** Paths on this machine that were tried, for those who may see them. */
  lookedAt: readonly string[];
}

const SENTENCES = {
  'no-path': 'The catalog names no file for this sample: fill its column of paths.',
  'no-root': 'SAMPLES_ROOT is not set: set it to the folder that holds the audio files.',
  outside: 'The file lies outside of the folders that may be read: move it into one of them.',
  gone: 'The file is not there: connect its disk, and try again.',
  'not-a-file': 'The path does not lead to a regular file: correct the path in the catalog.',
  unreadable: 'The file cannot be read by this program: give its user the right to read it.',
  'no-audio': 'The file holds no sound in a known format: replace it with an audio file.',
  unplayable: 'Browsers do not play this form of sound: download the file, or convert it to WAV or FLAC.',
} as const satisfies Record<RefusalKind, string>;

/** The cures that depend on the setting that names the roots. */
const BY_SETTING = {
  outside:
    'The file lies outside of SAMPLES_ROOT: add its folder, or old-prefix=new-prefix where the library has moved.',
  gone: 'The file is not there: connect its disk, or add old-prefix=new-prefix to SAMPLES_ROOT where the library has moved.',
} as const;
const OF_CATALOG = {
  outside:
    "The file lies outside of the catalog's folders: name its folder in source.folder of embeddings.config.yaml too.",
  gone: 'The file is not there: connect its disk; where it has moved, name its folder in source.folder of embeddings.config.yaml too, and run embeddings scan.',
} as const;

/** Returns the refusal of a path with the cure for these roots. */
export const withCure = (refused: SoundRefusal, { ofCatalog = false }: SoundRoots): SoundRefusal =>
  refused.kind === 'outside' || refused.kind === 'gone'
    ? { ...refused, sentence: (ofCatalog ? OF_CATALOG : BY_SETTING)[refused.kind] }
    : refused;

export const refusal = (
  kind: RefusalKind,
  lookedAt: readonly string[] = [],
  sentence: string = SENTENCES[kind],
): SoundRefusal => ({ kind, sentence, lookedAt });

/** Returns what a file system error means; rethrows any other error. */
export function refusalOf(error: NodeJS.ErrnoException): SoundRefusal {
  const { code } = error;
  if (code === undefined) throw error;
  // ELOOP: a cycle of links, or a link that has just replaced the file.
  if (/^(?:ENOENT|ENOTDIR|ENAMETOOLONG|ELOOP)$/.test(code)) return refusal('gone');
  if (code === 'EACCES' || code === 'EPERM') return refusal('unreadable');
  if (code === 'EMFILE' || code === 'ENFILE')
    return refusal('unreadable', [], 'Too many files are open on this machine: try again in a moment.');
  return refusal('unreadable', [], `The file cannot be read (${code}): check its disk.`);
}

/** Returns a refusal's sentence as a part of another: `the file is not there: connect its disk`. */
export const asPart = (sentence: string): string => sentence.replace(/\.$/, '').replace(/^The(?= )/, 'the');

/** Returns a form's four-character name in a printable way, since a file may contain any bytes there. */
export const shownForm = (form: string): string =>
  /^[\x20-\x7e]+$/.test(form) ? `the form "${form.trim()}"` : 'an unknown form';

/** Thrown while a file is read, and caught where it was opened. */
export class NoSound extends Error {
  override readonly name = 'NoSound';
  constructor(
    readonly kind: 'no-audio' | 'unplayable',
    sentence: string = SENTENCES[kind],
  ) {
    super(sentence);
  }
}
