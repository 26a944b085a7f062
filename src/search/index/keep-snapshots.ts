import type { IndexReads, StorePlace } from '../../engines/libsql/index-reads.js';
import type { KeptIndex } from './calls.js';
import type { BitRows } from './hamming.js';
import { type Read, takeChanges } from './load.js';
import type { Slots } from './slots.js';
import { openSnapshot, type Snapshot, type SnapshotOf, writeSnapshot } from './snapshot.js';
import type { Words } from './words.js';

/** A store with fewer samples is read in some seconds, so no snapshot is written. */
const LEAST = 50_000;
/** If a larger share has changed, reading the changes takes longer than reading everything. */
const MOST_CHANGED = 0.2;
/** A snapshot is rewritten once a larger share has changed since. */
const CHANGED = 0.02;

type Parts = Parameters<typeof takeChanges>[0] & { reads: IndexReads };

export interface Snapshots {
  /** Fills the empty index from a snapshot and applies later changes. Null: there is no usable snapshot. */
  load(parts: Parts): Promise<Read | null>;
  /** Adds the number of samples that have changed since the snapshot. */
  changed(samples: number): void;
  /** Writes a snapshot if it is worth it and none is as recent. `place`: the moment that the index holds. */
  keep(place: StorePlace, isOver: () => boolean): Promise<void>;
}

/** Saves an index in a file for the next process. Never throws: without a snapshot the store is read. */
export function keepSnapshots(
  { least = LEAST, ...of }: SnapshotOf & KeptIndex,
  index: { slots: Slots; rows: BitRows; words: Words },
): Snapshots {
  /** Samples changed since the existing snapshot; null: there is none. */
  let changed: number | null = null;
  let cannot = false;

  const fill = async (parts: Parts, snapshot: Snapshot): Promise<Read | null> => {
    const changes = await parts.reads.changesSince(snapshot.place);
    if (changes === null || changes.ids.length > MOST_CHANGED * snapshot.slots) return null;
    snapshot.putInto(index);
    const taken = await takeChanges(parts, { place: snapshot.place, held: new Map() });
    changed = taken?.changed ?? null;
    return taken?.read ?? null;
  };
  return {
    async load(parts) {
      changed = null;
      let snapshot: Snapshot | null = null;
      try {
        snapshot = openSnapshot(of);
        return snapshot === null ? null : await fill(parts, snapshot);
      } catch {
        changed = null;
        return null;
      } finally {
        snapshot?.close();
      }
    },
    changed(samples) {
      if (changed !== null) changed += samples;
    },
    async keep(place, isOver) {
      const { slots } = index;
      const isWorth = slots.live >= least && (changed === null || changed > CHANGED * slots.live);
      if (!isWorth || cannot || isOver()) return;
      try {
        await writeSnapshot(of, index, { place, isOver });
        changed = 0;
      } catch {
        // The disk is full or the folder is read-only: the next process gets no newer snapshot than this one had.
        cannot = true;
      }
    },
  };
}
