import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { StorePlace } from '../../engines/libsql/index-reads.js';
import type { BitRows } from './hamming.js';
import type { WrittenPostings } from './postings.js';
import { openParts } from './read-parts.js';
import type { Slots } from './slots.js';
import type { Words } from './words.js';
import { writeParts } from './write-parts.js';

/** The parts of an index that a snapshot file holds, so that the next process need not read the whole store. */
interface Indexed {
  slots: Slots;
  rows: BitRows;
  words: Words;
}

/** Incremented when the content of the file or the tokenizer changes. */
const FORMAT = 1;

interface Header {
  format: number;
  dimensions: number;
  /** The moment of the store at which the snapshot was taken; later changes are read from there. */
  place: StorePlace;
  slots: number;
}

export interface SnapshotOf {
  folder: string;
  url: string;
  generation: number;
  dimensions: number;
}

const prefixOf = (url: string): string =>
  `search-${createHash('sha256').update(url).digest('hex').slice(0, 16)}-`;
const pathOf = ({ folder, url, generation }: SnapshotOf): string =>
  join(folder, `${prefixOf(url)}${generation}.index`);

/** Writes an index, which must not change meanwhile, and deletes snapshots of the store's other generations. */
export async function writeSnapshot(
  of: SnapshotOf,
  { slots, rows, words }: Indexed,
  { place, isOver }: { place: StorePlace; isOver: () => boolean },
): Promise<void> {
  const { dimensions } = of;
  const terms: [string, number, number, number][] = [];
  function* postings(): Generator<Uint8Array> {
    for (const [term, { bytes, count, last }] of words.terms.written()) {
      terms.push([term, count, last, bytes.length]);
      yield bytes;
    }
  }
  function* list(): Generator<Uint8Array> {
    yield Buffer.from(JSON.stringify(terms));
  }
  const header: Header = { format: FORMAT, dimensions, place, slots: slots.count };
  mkdirSync(of.folder, { recursive: true, mode: 0o700 });
  const parts = [
    ...Object.entries(slots.written()).map(([name, part]) => [name, [part]] as const),
    ['bits', [rows.first(slots.count)]] as const,
    ['postings', postings()] as const,
    ['terms', list()] as const,
  ];
  await writeParts(pathOf(of), header, parts, isOver);
  const own = prefixOf(of.url);
  for (const name of readdirSync(of.folder))
    if (name.startsWith(own) && name.endsWith('.index') && join(of.folder, name) !== pathOf(of))
      rmSync(join(of.folder, name), { force: true });
}

/** A snapshot file; its parts are verified only when they are read. */
export interface Snapshot {
  place: StorePlace;
  slots: number;
  /** Fills an empty index. Throws if the file is damaged; the index must be cleared then. */
  putInto(index: Indexed): void;
  close(): void;
}

/** Opens a snapshot; null: there is none in the current format. Throws if it cannot be read. */
export function openSnapshot(of: SnapshotOf): Snapshot | null {
  const file = openParts<Header>(pathOf(of));
  if (file === null) return null;
  const { format, dimensions, place, slots: count } = file.header;
  if (format !== FORMAT || dimensions !== of.dimensions) {
    file.close();
    return null;
  }
  return {
    place,
    slots: count,
    putInto({ slots, rows, words }) {
      slots.take(count, { ids: file.read('ids'), flags: file.read('flags'), lengths: file.read('lengths') });
      const bits = rows.first(count);
      if (file.bytesOf('bits') !== bits.length) throw new Error('the snapshot has rows of another length');
      file.read('bits', bits);
      const terms = JSON.parse(Buffer.from(file.read('terms')).toString()) as [
        string,
        number,
        number,
        number,
      ][];
      words.terms.take(partsOf(file.read('postings'), terms));
    },
    close: () => file.close(),
  };
}

/** Yields the postings of each term as views of one buffer; a view is copied when it grows. */
function* partsOf(
  bytes: Uint8Array,
  terms: readonly [string, number, number, number][],
): Generator<[string, WrittenPostings]> {
  let at = 0;
  for (const [term, count, last, length] of terms) {
    yield [term, { bytes: bytes.subarray(at, at + length), count, last }];
    at += length;
  }
}
