import type { Catalog, SampleRow, TextIdMap } from '../sources/types.js';
import type { Found } from './rank.js';

/** One sample that was found. Values that the catalog lacks, or holds in an unreadable form, are null. */
export interface SampleHit {
  rank: number;
  /** Text where the catalog's ids are text. */
  sample_id: number | string;
  /** 1 − cosine distance; null in text mode. */
  similarity: number | null;
  /** The value that hits of one query are ordered by; higher is better. */
  score: number;
  title: string | null;
  genre: string | null;
  bpm: number | null;
  key: string | null;
  mood: string | null;
  /** Seconds. */
  duration: number | null;
  /** Path of its audio file, as in the catalog. */
  path: string | null;
  /** The sample has left the catalog, or the index of its folder; its vector is still stored. */
  gone?: true;
  /** Near-duplicates that were folded into this hit, best first. */
  also?: (number | string)[];
  /** The columns that a declared collection shows, as in the catalog. */
  fields?: Record<string, unknown>;
}

interface DescribeParts {
  catalog: Pick<Catalog, 'readIds'>;
  /** Maps numbers to text ids; absent: a sample that has left the catalog is identified by its number. */
  keys?: Pick<TextIdMap, 'keysOf'>;
  /** Columns that hits carry in `fields`, the title first; absent: they carry none. */
  shown?: readonly string[];
  /** The column with the path of the audio file; null: there is none. */
  file: string | null;
}

/** Columns that a hit of the sample library has without declaration. */
const LIBRARY = ['title', 'genre', 'bpm', 'musical_key', 'mood_primary', 'duration'] as const;

/** Adds the catalog's current values to the hits. A sample that has left the catalog keeps its rank and is `gone`. */
export async function describeSamples(
  { catalog, keys, shown, file }: DescribeParts,
  found: readonly Found[],
): Promise<SampleHit[]> {
  const columns = [...(shown ?? LIBRARY), 'duration', ...(file === null ? [] : [file])];
  const ids = found.map(({ sampleId }) => sampleId);
  const rows = new Map((await catalog.readIds(ids, columns)).map((row) => [row.id, row]));
  const gone = ids.filter((id) => !rows.has(id));
  const textIds = gone.length === 0 ? undefined : await keys?.keysOf(gone);
  return found.map(({ sampleId, similarity, score }, index) => {
    const row = rows.get(sampleId);
    const id = row?.textId ?? textIds?.get(sampleId) ?? sampleId;
    const ranked = {
      ...{ rank: index + 1, sample_id: id, similarity, score },
      ...(row === undefined && { gone: true as const }),
    };
    const sound = {
      duration: numberOf(row?.duration),
      path: file === null ? null : pathOf(file === 'id' ? row?.textId : row?.[file]),
    };
    if (shown !== undefined) return { ...ranked, ...ofDeclared(row, shown), ...sound };
    return {
      ...ranked,
      title: textOf(row?.title),
      genre: textOf(row?.genre),
      bpm: numberOf(row?.bpm),
      key: textOf(row?.musical_key),
      mood: textOf(row?.mood_primary),
      ...sound,
    };
  });
}

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

const numberOf = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;

/** Reads a path; beets stores paths as bytes. */
const pathOf = (value: unknown): string | null =>
  textOf(value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : value);

/** Returns the fields of a hit of a declared collection, without `rank`, `similarity` and id. */
function ofDeclared(row: SampleRow | undefined, shown: readonly string[]) {
  const fields = Object.fromEntries(
    shown.map((name) => [name, (name === 'id' ? row?.textId : undefined) ?? row?.[name] ?? null]),
  );
  const [title] = Object.values(fields);
  return { title: printed(title), genre: null, bpm: null, key: null, mood: null, fields };
}

/** Formats a value of any type for a table; null: there is no value. */
export const printed = (value: unknown): string | null => {
  if (value === null || value === undefined || value === '') return null;
  if (typeof value === 'number')
    return Number.isInteger(value) ? String(value) : String(Number(value.toFixed(3)));
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};
