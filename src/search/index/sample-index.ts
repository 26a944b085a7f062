import { type IndexReads, openIndexReads } from '../../engines/libsql/index-reads.js';
import { readVector } from '../../engines/vector-form.js';
import type { IndexCalls, IndexOptions, IndexState } from './calls.js';
import { Filters } from './filters.js';
import { createBitRows } from './hamming.js';
import { keepSnapshots } from './keep-snapshots.js';
import { loadSignatures, loadTexts, type Read, takeChanges } from './load.js';
import { nearestSlots } from './nearest-slots.js';
import { SlotSets } from './slot-sets.js';
import { LIVE, Slots, VECTOR } from './slots.js';
import { openTokens } from './tokens.js';
import { Words } from './words.js';

/** Milliseconds between two looks at a server that cannot report whether it has changed. */
const SERVER_EVERY = 15_000;

/** Opens an index and starts to load it. `tell` is called with each new state. */
export function openSampleIndex(
  { url, authToken, generation, dimensions, readings, isLibrary, kept }: IndexOptions,
  tell: (state: IndexState) => void,
): IndexCalls {
  const slots = new Slots();
  const rows = createBitRows(Math.ceil(dimensions / 8));
  const tokens = openTokens();
  const filters = new Filters(slots, { readings, isLibrary });
  const sets = new SlotSets(slots, filters);
  let reads: IndexReads | null = null;
  let closed = false;
  let read: Read | null = null;
  let version: string | null = null;
  let lookedAt = 0;
  let texts = 0;
  let error: string | undefined;
  let spread: { version: number; count: number; ids: number[] } | null = null;
  const ready = { vectors: false, words: false, soon: kept !== undefined };

  const words = new Words(slots, tokens, {
    holding: (expression) => opened().holding(expression),
    bm25: (expression, ids) => opened().bm25(expression, ids),
  });
  const opened = (): IndexReads => {
    if (reads === null) throw new Error('the index is not open');
    return reads;
  };
  const parts = () => ({ reads: opened(), dimensions, slots, rows, words, closed: () => closed });
  const state = (): IndexState => ({
    ...ready,
    filters: filters.ready,
    samples: slots.live,
    texts,
    bytes: slots.bytes() + rows.bytes() + words.bytes() + filters.bytes(),
    ...(error !== undefined && { error }),
  });

  const snapshots =
    kept === undefined
      ? null
      : keepSnapshots({ ...kept, url, generation, dimensions }, { slots, rows, words });
  const empty = (): void => {
    Object.assign(ready, { vectors: false, words: false, soon: false });
    slots.clear();
    words.clear();
    texts = 0;
  };

  const load = async (): Promise<void> => {
    reads ??= await openIndexReads({ url, generation, ...(authToken !== undefined && { authToken }) });
    version = await reads.dataVersion();
    lookedAt = performance.now();
    read = (await snapshots?.load(parts())) ?? null;
    ready.soon = false;
    if (read !== null) {
      texts = slots.count;
      Object.assign(ready, { vectors: true, words: true });
      return;
    }
    empty();
    tell(state());
    const loaded = await loadSignatures(parts());
    ready.vectors = !closed;
    tell(state());
    await loadTexts(parts(), (done) => {
      texts = done;
      if (done % 50_000 === 0) tell(state());
    });
    ready.words = !closed;
    if (!closed) read = loaded;
  };
  const look = async (before: Read, now: boolean): Promise<void> => {
    const known = version;
    version = await opened().dataVersion();
    const due = version === null ? performance.now() - lookedAt >= SERVER_EVERY : version !== known;
    if (!due && !now) return keep(before);
    lookedAt = performance.now();
    const taken = await takeChanges(parts(), before);
    if (taken === null) {
      read = null;
      return load();
    }
    read = taken.read;
    texts = slots.count;
    // The BM25 of a phrase depends on all texts.
    if (taken.changed > 0) words.forgetAsked();
    snapshots?.changed(taken.changed);
    if (taken.changed === 0) await keep(read);
  };
  /** Writes a snapshot while nothing changes. */
  const keep = async ({ place }: Read): Promise<void> => snapshots?.keep(place, () => closed);
  /** Runs loads and refreshes one after another, so that slots are added in order. */
  let turn = Promise.resolve();
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    turn = turn.then(async () => {
      if (closed) return;
      try {
        await work();
        error = undefined;
      } catch (thrown) {
        ready.soon = false;
        error = thrown instanceof Error ? thrown.message : String(thrown);
      }
      tell(state());
    });
    return turn;
  };
  void inTurn(load);

  return {
    async nearest(vector, { count, among }) {
      const numbers = readVector(vector);
      const found = nearestSlots(rows, numbers, { count, among: sets.of(among, VECTOR) });
      return Array.from(found, (slot) => slots.ids[slot] as number);
    },
    async spread(count) {
      if (spread?.version !== slots.version || spread.count !== count)
        spread = { version: slots.version, count, ids: [...new Set(spreadOver(slots.liveIds(), count))] };
      return spread.ids;
    },
    async matching(expression, { limit, among }) {
      const found = await words.matching(expression, { limit, mask: sets.of(among, LIVE).mask });
      return found.map(({ slot, bm25 }) => ({ sampleId: slots.ids[slot] as number, bm25 }));
    },
    frequencies: (expressions) => words.frequencies(expressions),
    async matchesAmong(expressions, ids) {
      const wanted = ids.map((id) => slots.of(id)).filter((slot) => slot >= 0);
      const found = await words.matchesAmong(expressions, wanted);
      return found.map((some) => some.map((slot) => slots.ids[slot] as number));
    },
    async listed(among, { after, limit }) {
      const { mask } = sets.of(among, LIVE);
      const ids = slots.ids
        .subarray(0, slots.count)
        .filter((_, slot) => mask[slot] === 1)
        .sort();
      const from = after === null ? 0 : ids.findIndex((id) => id > after);
      return { ids: from < 0 ? [] : [...ids.subarray(from, from + limit)], total: ids.length };
    },
    async takeRows(page, at) {
      filters.take(page, at);
      if (at.last) tell(state());
    },
    countFitting: async (filter) => filters.fitted(filter)?.count ?? null,
    facets: async (filter) => filters.facets(filter),
    refresh: ({ now }) => inTurn(() => (read === null ? load() : look(read, now))),
    state: async () => state(),
    async close() {
      closed = true;
      await turn;
      await reads?.close();
      tokens.close();
    },
  };
}

/** Yields the samples at or after `count` ids in equal steps from first to last, like SearchReads.background. */
export function* spreadOver(ids: Float64Array, count: number): Generator<number> {
  const [low, high] = [ids[0], ids.at(-1)];
  if (low === undefined || high === undefined) return;
  let at = 0;
  for (let step = 0; step < count; step++) {
    const wanted = low + Math.trunc((((high - low) * 1.0) / count) * step);
    while (at < ids.length && (ids[at] as number) < wanted) at += 1;
    if (at < ids.length) yield ids[at] as number;
  }
}
