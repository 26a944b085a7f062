import type { NumberForm } from '../contract/generation.js';
import type { Store } from '../engines/store.js';
import { readVector, vectorBytes } from '../engines/vector-form.js';
import { usageFault } from '../fault.js';
import type { Catalog } from '../sources/types.js';
import type { MapData } from './map-data.js';
import { createMath, type MapMath } from './math.js';

/** Number of vectors from which the main directions are learned; more change the picture little. */
const LEARNED_FROM = 200;

const PAGE = 1000;

export interface MapParts {
  store: Pick<Store, 'vectorPage' | 'countVectors' | 'tables'>;
  catalog: Pick<Catalog, 'readIds'>;
  /** Length of a stored vector, and the form of its numbers. */
  dimensions: number;
  form: NumberForm;
  /** The column with a sample's title. Default `title`. */
  title?: string;
  /** Default: computes in this thread. */
  math?: MapMath;
  /** Called with `what` in a few words, and the share that is done. */
  progress: (what: string, share: number) => void;
}

/** Reads the library page by page, twice: first to learn its main directions, then to reduce every vector to them. */
export async function collectMap(parts: MapParts): Promise<MapData> {
  const { store, catalog, dimensions, title = 'title', progress, math = createMath() } = parts;
  const { vectors: table } = await store.tables();
  const total = table === 'none' ? 0 : await store.countVectors();
  if (total === 0 || table === 'none')
    throw usageFault(
      'there is nothing to draw yet: the store holds no vectors; embed them with embeddings --all',
    );
  const every = Math.max(1, Math.floor(total / LEARNED_FROM));
  const learned: Float32Array[] = [];
  let seen = 0;
  for await (const row of vectorsOf(parts, table)) {
    if (seen % every === 0 && learned.length < 2 * LEARNED_FROM) learned.push(row.vector);
    seen += 1;
    if (seen % PAGE === 0) progress('Reading', seen / total);
  }
  if (seen === 0)
    throw usageFault(
      `no stored vector has EMBEDDING_DIMENSIONS ${dimensions}: set it to what is stored (embeddings doctor), or embed anew`,
    );
  progress('Learning directions', 0);
  const numbers = await math.learn(learned, dimensions);
  const sketches = new Float32Array(seen * numbers);
  const data: Pick<MapData, 'ids' | 'textIds' | 'titles' | 'genres' | 'moods'> = {
    ...{ ids: [], textIds: [], titles: [], genres: [], moods: [] },
  };
  let waiting: { sampleId: number; vector: Float32Array }[] = [];
  const describe = async (): Promise<void> => {
    sketches.set(await math.sketch(waiting.map(({ vector }) => vector)), data.ids.length * numbers);
    const ids = waiting.map(({ sampleId }) => sampleId);
    const rows = new Map((await catalog.readIds(ids)).map((row) => [row.id, row]));
    for (const id of ids) {
      const row = rows.get(id);
      data.ids.push(id);
      data.textIds.push(row?.textId ?? null);
      data.titles.push(textOf(row?.[title]) ?? `sample ${row?.textId ?? id}`);
      data.genres.push(textOf(row?.genre) ?? '');
      data.moods.push(textOf(row?.mood_primary) ?? '');
    }
    waiting = [];
  };
  let order = 0;
  for await (const row of vectorsOf(parts, table)) {
    if (order === seen) break;
    order += 1;
    waiting.push(row);
    if (waiting.length === PAGE) await describe();
    if (order % PAGE === 0) progress('Reducing', order / seen);
  }
  await describe();
  const kept = sketches.subarray(0, order * numbers);
  const places = await math.layOut(kept, numbers, (share) => progress('Laying out', share));
  return { ...data, numbers, sketches: kept, places };
}

async function* vectorsOf(
  { store, dimensions, form }: Pick<MapParts, 'store' | 'dimensions' | 'form'>,
  table: 'old' | 'ours',
): AsyncGenerator<{ sampleId: number; vector: Float32Array }> {
  for (let after: number | null = null; ; ) {
    const page = await store.vectorPage({ after, limit: PAGE, bytes: vectorBytes(dimensions, form), table });
    for (const { sampleId, vector } of page.rows) {
      if (vector === null) continue;
      const numbers = readVector(vector);
      // Without a direction it cannot be placed.
      if (numbers.every(Number.isFinite) && numbers.some((value) => value !== 0))
        yield { sampleId, vector: numbers };
    }
    if (page.last) return;
    after = page.rows.at(-1)?.sampleId ?? null;
    if (after === null) return;
  }
}

const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
