import { createHash } from 'node:crypto';
import { setImmediate as breathe } from 'node:timers/promises';
import type { IndexedRow, IndexReads, StorePlace } from '../../engines/libsql/index-reads.js';
import type { BitRows } from './hamming.js';
import type { Slots } from './slots.js';
import type { Words } from './words.js';

/** Samples of one page for each read; between pages searches are answered. */
const SIGNATURES = 5000;
const TEXTS = 1000;
const ROWS = 500;
const IDS = 50_000;

interface Parts {
  reads: IndexReads;
  dimensions: number;
  slots: Slots;
  rows: BitRows;
  words: Words;
  /** Whether reading must stop. */
  closed: () => boolean;
}

/** The state of the store as last read, to find later changes. */
export interface Read {
  place: StorePlace;
  /** Content of the rows that were written around that moment. */
  held: Map<number, string>;
}

/** Reads every sample's signature. */
export async function loadSignatures({ reads, dimensions, slots, rows, closed }: Parts): Promise<Read> {
  const bytes = Math.ceil(dimensions / 8);
  const place = await reads.place();
  for (let after: number | null = null; !closed(); ) {
    const page = await reads.signatures(after, { limit: SIGNATURES, dimensions });
    for (const [index, id] of page.ids.entries()) {
      const slot = slots.add(id, { hasVector: page.has[index] === 1 });
      rows.set(slot, page.bits.subarray(index * bytes, (index + 1) * bytes));
    }
    if (page.ids.length < SIGNATURES) break;
    after = page.ids.at(-1) ?? null;
    await breathe();
  }
  return { place, held: new Map() };
}

/** Reads every text; calls `progress` with their number. */
export async function loadTexts(
  { reads, slots, words, closed }: Parts,
  progress: (done: number) => void,
): Promise<void> {
  const all = slots.count;
  for (let from = 0; from < all && !closed(); from += TEXTS) {
    const to = Math.min(all, from + TEXTS) - 1;
    const texts = await reads.texts(slots.ids[from] as number, slots.ids[to] as number);
    words.add(
      texts.flatMap(({ sampleId, ...text }) => {
        const slot = slots.of(sampleId);
        return slot < from || slot > to ? [] : [{ slot, ...text }];
      }),
    );
    progress(to + 1);
    await breathe();
  }
}

/**
 * Applies all rows inserted, written or deleted since. @returns how many samples changed; null: the store cannot tell
 * and must be read again.
 */
export async function takeChanges(
  parts: Parts,
  before: Read,
): Promise<{ read: Read; changed: number } | null> {
  const { reads, slots } = parts;
  const changes = await reads.changesSince(before.place);
  if (changes === null) return null;
  const { place, ids, count } = changes;
  const held = new Map<number, string>();
  let changed = await takeRows(parts, ids, { before: before.held, held });
  if (count !== slots.live) changed += await compareAll(parts);
  return { read: { place, held }, changed };
}

/** Reads these rows again and skips those whose content is unchanged. */
async function takeRows(
  { reads, dimensions, slots, rows, words, closed }: Parts,
  ids: readonly number[],
  { before, held }: { before: ReadonlyMap<number, string>; held: Map<number, string> },
): Promise<number> {
  let changed = 0;
  for (let from = 0; from < ids.length && !closed(); from += ROWS) {
    const some = ids.slice(from, from + ROWS);
    const found = await reads.rowsOf(some, dimensions);
    const there = new Set(found.map(({ sampleId }) => sampleId));
    for (const id of some)
      if (!there.has(id) && slots.of(id) >= 0) {
        slots.remove(id);
        changed += 1;
      }
    const texts = [];
    for (const row of found) {
      const content = contentOf(row);
      held.set(row.sampleId, content);
      if (before.get(row.sampleId) === content && slots.of(row.sampleId) >= 0) continue;
      const slot = slots.add(row.sampleId, { hasVector: row.bits !== null });
      rows.set(slot, row.bits ?? new Uint8Array(0));
      texts.push({ slot, source: row.source, words: row.words });
      changed += 1;
    }
    words.add(texts);
    await breathe();
  }
  return changed;
}

/** Applies rows that were deleted, or that were indexed for search long after they were written. */
async function compareAll(parts: Parts): Promise<number> {
  const { reads, slots } = parts;
  const known = slots.liveIds();
  const gone = new Set<number>(known);
  const fresh: number[] = [];
  for (let after: number | null = null; !parts.closed(); ) {
    const ids = await reads.ids(after, IDS);
    for (const id of ids) if (!gone.delete(id)) fresh.push(id);
    if (ids.length < IDS) break;
    after = ids.at(-1) ?? null;
    await breathe();
  }
  if (parts.closed()) return 0;
  for (const id of gone) slots.remove(id);
  return gone.size + (await takeRows(parts, fresh, { before: new Map(), held: new Map() }));
}

const contentOf = ({ bits, source, words }: IndexedRow): string =>
  createHash('sha1')
    .update(bits ?? '')
    .update(JSON.stringify([source, words]))
    .digest('base64');
