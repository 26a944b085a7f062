import { readKey } from '../../musical-key.js';
import {
  cutToBytes,
  extensionOf,
  NAME_BYTES,
  notADevice,
  safePart,
  withoutExtension,
} from '../../sound/safe-name.js';
import type { SampleFacts } from '../facts.js';

export interface NamedSample {
  /** From 1. */
  number: number;
  /** Minimum digits of the number. */
  width: number;
  facts: SampleFacts;
  /** The file's own name. It gives the extension, and the title if the catalog has none. */
  file: string;
  /** ASCII characters only. Default: false. */
  ascii?: boolean;
}

/** Returns a name as `01 Kick Hard 128 Fmin.wav`: number, title, tempo, key. Does not repeat words of the title. */
export function sampleName({ number, width, facts, file, ascii = false }: NamedSample): string {
  const first = String(number).padStart(width, '0');
  const title = safePart(facts.title ?? '', { ascii }) || safePart(withoutExtension(file), { ascii });
  const more = [tempoOf(facts), keyOf(facts, ascii)].filter(
    (each) => each !== '' && !containsWord(title, each),
  );
  const end = more.map((each) => ` ${each}`).join('') + extensionOf(file);
  const room = NAME_BYTES - Buffer.byteLength(first) - 1 - Buffer.byteLength(end);
  return notADevice(`${first} ${cutToBytes(title || 'Sample', Math.max(room, 1))}`.trimEnd() + end);
}

const tempoOf = ({ bpm }: SampleFacts): string => (bpm === null ? '' : String(Math.round(bpm)));

/** Returns `Fmin`, `F`, `F#min`. Text that is not a key stays if it is short. */
function keyOf({ key }: SampleFacts, ascii: boolean): string {
  if (key === null) return '';
  const read = readKey(key);
  if (read !== null) return read.replace(/m$/, 'min');
  const written = safePart(key, { ascii });
  return written.length <= 12 ? written : '';
}

const containsWord = (title: string, word: string): boolean =>
  title
    .toLowerCase()
    .split(/[^\p{L}\p{N}#]+/u)
    .includes(word.toLowerCase());
