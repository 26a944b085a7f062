import type { Catalog } from '../sources/types.js';
import type { Found } from './rank.js';

/** One sample that was found. What the catalog does not hold, or holds in a form that cannot be read, is null. */
export interface SampleHit {
  rank: number;
  sample_id: number;
  /** 1 − cosine distance; null in text mode. */
  similarity: number | null;
  /** What it is ranked by, higher is better, within one query. */
  score: number;
  title: string | null;
  genre: string | null;
  bpm: number | null;
  key: string | null;
  mood: string | null;
}

/** With what the catalog says of them today; a sample that has left it keeps its place, without a title. */
export async function describeSamples(catalog: Catalog, found: readonly Found[]): Promise<SampleHit[]> {
  const rows = new Map(
    (await catalog.readIds(found.map(({ sampleId }) => sampleId))).map((row) => [row.id, row]),
  );
  return found.map(({ sampleId, similarity, score }, index) => {
    const row = rows.get(sampleId);
    return {
      rank: index + 1,
      sample_id: sampleId,
      similarity,
      score,
      title: textOf(row?.title),
      genre: textOf(row?.genre),
      bpm: typeof row?.bpm === 'number' && Number.isFinite(row.bpm) ? row.bpm : null,
      key: textOf(row?.musical_key),
      mood: textOf(row?.mood_primary),
    };
  });
}

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
