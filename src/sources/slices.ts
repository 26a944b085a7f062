import { type RawBuilder, sql } from 'kysely';
import type { Backend, Shape } from './backend.js';
import { countRanges } from './queries.js';

/** Samples per statement. A statement of SQLite blocks this process, heartbeats included. */
export const SLICE_ROWS = 20_000;

export interface Slice {
  samples: number;
  /** Null: no sample comes after the given id. */
  last: number | null;
}

/** Returns how many samples the next slice after an id holds, `SLICE_ROWS` at most, and its last id. */
export async function sliceAfter(
  { db }: Backend,
  { fromSamples }: Pick<Shape, 'fromSamples'>,
  after: number | null,
): Promise<Slice> {
  const { rows } = await sql<{ samples: number; last: number | string | null }>`
    select count(*) as samples, max(id) as last from (
      select s.id from ${fromSamples} as s where ${beyond(after)} order by s.id limit ${SLICE_ROWS}) as slice`.execute(
    db,
  );
  const { samples = 0, last = null } = rows[0] ?? {};
  return { samples: Number(samples), last: last === null ? null : Number(last) };
}

/** Returns the condition that `s.id` comes after an id. */
export const beyond = (after: number | null): RawBuilder<boolean> =>
  after === null ? sql`1 = 1` : sql`s.id > cast(${after} as bigint)`;

/** Counts all samples. A file is counted slice by slice: one statement over gigabytes would stop the heartbeats. */
export async function countSamples(backend: Backend, shape: Shape): Promise<number> {
  if (backend.dialect !== 'sqlite') return backend.run(() => countRanges(backend.db, shape));
  let total = 0;
  for (let after: number | null = null; ; ) {
    const slice: Slice = await backend.run(() => sliceAfter(backend, shape, after));
    total += slice.samples;
    if (slice.last === null || slice.samples < SLICE_ROWS) return total;
    after = slice.last;
  }
}
