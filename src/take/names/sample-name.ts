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
  /** Digits of the number at least. */
  width: number;
  facts: SampleFacts;
  /** The file's own name: it gives the extension, and the title where the catalog has none. */
  file: string;
  /** Only letters of ASCII; default false. */
  ascii?: boolean;
}

/** `01 Kick Hard 128 Fmin.wav`: number, title, tempo, key; what the title says already is not said again. */
export function sampleName({ number, width, facts, file, ascii = false }: NamedSample): string {
  const first = String(number).padStart(width, '0');
  const title = safePart(facts.title ?? '', { ascii }) || safePart(withoutExtension(file), { ascii });
  const more = [tempoOf(facts), keyOf(facts, ascii)].filter((each) => each !== '' && !says(title, each));
  const end = more.map((each) => ` ${each}`).join('') + extensionOf(file);
  const room = NAME_BYTES - Buffer.byteLength(first) - 1 - Buffer.byteLength(end);
  return notADevice(`${first} ${cutToBytes(title || 'Sample', Math.max(room, 1))}`.trimEnd() + end);
}

const tempoOf = ({ bpm }: SampleFacts): string => (bpm === null ? '' : String(Math.round(bpm)));

/** `Fmin`, `F`, `F#min`; what is no key stays as it is written, where it is short. */
function keyOf({ key }: SampleFacts, ascii: boolean): string {
  if (key === null) return '';
  const read = readKey(key);
  if (read !== null) return read.replace(/m$/, 'min');
  const written = safePart(key, { ascii });
  return written.length <= 12 ? written : '';
}

const says = (title: string, word: string): boolean =>
  title
    .toLowerCase()
    .split(/[^\p{L}\p{N}#]+/u)
    .includes(word.toLowerCase());
