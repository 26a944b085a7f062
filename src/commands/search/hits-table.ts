import type { SampleHit } from '../../search/sample-hit.js';
import { plain } from '../../terminal/format.js';
import { listTable } from '../../terminal/tables.js';

/** Rank, similarity, id, title, genre, BPM and key, as a table that fits the terminal. */
export const hitsTable = (hits: readonly SampleHit[], columns: number | undefined): string =>
  listTable(
    ['#', 'Similarity', 'Sample', 'Title', 'Genre', 'BPM', 'Key'],
    hits.map(({ rank, similarity, sample_id: id, title, genre, bpm, key }) => [
      String(rank),
      similarity === null ? '–' : similarity.toFixed(3),
      String(id),
      plain(title ?? '–'),
      plain(genre ?? '–'),
      bpm === null ? '–' : String(Math.round(bpm)),
      plain(key ?? '–'),
    ]),
    {
      columns,
      flexible: { column: 3, how: 'cut' },
      aligns: ['right', 'right', 'right', 'left', 'left', 'right', 'left'],
    },
  );
