import { LRUCache } from 'lru-cache';
import type { Readings } from '../../readings/of-columns.js';
import type { SampleFilter } from '../../sources/types.js';
import { type Facet, facetsOf } from './facets.js';
import { type ColumnPage, FilterColumns } from './filter-columns.js';
import { fittingRows } from './fitting-rows.js';
import type { Slots } from './slots.js';

/** Filters whose result is cached. */
const KNOWN = 32;

interface Fitted {
  /** By row of the catalog; 1: it matches. */
  rows: Uint8Array;
  count: number;
  /** By slot of the index, for the version `slots`; 1: it matches. */
  mask: Uint8Array;
  slots: number;
}

/** Evaluates filters over the catalog's columns in memory, and maps the matching rows to slots of the index. */
export class Filters {
  private columns: FilterColumns | null = null;
  private coming: FilterColumns | null = null;
  /** By the filter as JSON; null: only the database can evaluate it. */
  private readonly known = new LRUCache<string, { fitted: Fitted | null }>({ max: KNOWN });

  constructor(
    private readonly slots: Slots,
    private readonly options: { readings: Readings; isLibrary: boolean },
  ) {}

  get ready(): boolean {
    return this.columns !== null;
  }

  take(page: ColumnPage, { first, last }: { first: boolean; last: boolean }): void {
    if (first || this.coming === null) this.coming = new FilterColumns(this.options.readings);
    this.coming.add(page);
    if (!last) return;
    this.coming.finish();
    this.columns = this.coming;
    this.coming = null;
    this.known.clear();
  }

  /** Returns the rows and slots that match; null: only the database can evaluate the filter. */
  fitted(filter: SampleFilter): Fitted | null {
    if (this.columns === null) return null;
    const key = JSON.stringify(filter, (_, value) => (typeof value === 'number' ? String(value) : value));
    const before = this.known.get(key)?.fitted;
    if (before === null || before?.slots === this.slots.version) return before;
    const fitted = before === undefined ? this.look(filter) : this.onSlots(before);
    this.known.set(key, { fitted });
    return fitted;
  }

  facets(filter: SampleFilter): Facet[] | null {
    const fitted = this.fitted(filter);
    if (fitted === null || this.columns === null) return null;
    const { ids, rows } = this.columns;
    // Only stored samples can be found.
    const found = new Uint8Array(rows);
    for (let row = 0; row < rows; row++)
      if (fitted.rows[row] === 1 && this.slots.of(ids[row] as number) >= 0) found[row] = 1;
    return facetsOf(this.columns, found);
  }

  bytes(): number {
    return (this.columns?.bytes() ?? 0) + (this.coming?.bytes() ?? 0);
  }

  private look(filter: SampleFilter): Fitted | null {
    const rows = fittingRows(this.columns as FilterColumns, filter, this.options);
    if (rows === null) return null;
    let count = 0;
    for (const one of rows) count += one;
    return this.onSlots({ rows, count });
  }

  private onSlots({ rows, count }: Pick<Fitted, 'rows' | 'count'>): Fitted {
    const { ids } = this.columns as FilterColumns;
    const mask = new Uint8Array(this.slots.count);
    for (let row = 0; row < rows.length; row++)
      if (rows[row] === 1) {
        const slot = this.slots.of(ids[row] as number);
        if (slot >= 0) mask[slot] = 1;
      }
    return { rows, count, mask, slots: this.slots.version };
  }
}
