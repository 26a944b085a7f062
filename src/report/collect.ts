import type { ReportReads } from '../engines/libsql/report-reads.js';
import { usageFault } from '../fault.js';
import type { Catalog } from '../sources/types.js';
import type { ReportData } from './report-data.js';

export interface ReportParts {
  store: ReportReads;
  catalog: Pick<Catalog, 'readPage' | 'count'>;
  generation: ReportData['generation'];
  progress: (what: string, share: number) => void;
}

const PAGE = 2000;
const GENRES_SHOWN = 25;

export async function collectReport({
  store,
  catalog,
  generation,
  progress,
}: ReportParts): Promise<ReportData> {
  const overview = await store.reportOverview();
  if (overview === null)
    throw usageFault(
      'there is nothing to report yet: no run has used this store; start one with embeddings --all',
    );
  const samples = await catalog.count();
  const genres = new Map<string, { samples: number; stored: number }>();
  let done = 0;
  for (let after: number | null = null; ; ) {
    const rows = await catalog.readPage({ after, limit: PAGE });
    const stored = await store.storedAmong(rows.map(({ id }) => id));
    for (const row of rows) {
      const name = typeof row.genre === 'string' && row.genre.trim() !== '' ? row.genre.trim() : '(no genre)';
      const of = genres.get(name) ?? { samples: 0, stored: 0 };
      of.samples += 1;
      if (stored.has(row.id)) of.stored += 1;
      genres.set(name, of);
    }
    done += rows.length;
    progress('Reading the catalog', samples === 0 ? 1 : done / samples);
    after = rows.at(-1)?.id ?? null;
    if (rows.length < PAGE) break;
  }
  const byGenre = [...genres]
    .map(([name, of]) => ({ name, ...of }))
    .sort((a, b) => b.samples - a.samples || a.name.localeCompare(b.name));
  const rest = byGenre.slice(GENRES_SHOWN);
  return {
    madeAt: new Date().toISOString(),
    ...{ samples, generation },
    ...overview,
    genres: [
      ...byGenre.slice(0, GENRES_SHOWN),
      ...(rest.length === 0
        ? []
        : [
            {
              name: `${rest.length} others`,
              samples: rest.reduce((sum, each) => sum + each.samples, 0),
              stored: rest.reduce((sum, each) => sum + each.stored, 0),
            },
          ]),
    ],
  };
}
