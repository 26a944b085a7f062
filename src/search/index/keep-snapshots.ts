import type { IndexReads, StorePlace } from '../../engines/libsql/index-reads.js';
import type { KeptIndex } from './calls.js';
import type { BitRows } from './hamming.js';
import { type Read, takeChanges } from './load.js';
import type { Slots } from './slots.js';
import { openSnapshot, type Snapshot, type SnapshotOf, writeSnapshot } from './snapshot.js';
import type { Words } from './words.js';

/** Of fewer samples all is read in some seconds. */
const LEAST = 50_000;
/** Where more has changed than this share, reading what changed takes longer than reading all. */
const MOST_CHANGED = 0.2;
/** A snapshot is written anew once so much has changed since. */
const CHANGED = 0.02;

type Parts = Parameters<typeof takeChanges>[0] & { reads: IndexReads };

export interface Snapshots {
  /** Fills the index, which is empty, from a snapshot, and brings it up to date. Null: there is none that is right. */
  load(parts: Parts): Promise<Read | null>;
  /** So many samples have changed since. */
  changed(samples: number): void;
  /** Writes one where it is worth it, and none that is there is as good. `place`: what the index holds now. */
  keep(place: StorePlace, isOver: () => boolean): Promise<void>;
}

/** Keeps an index in a file for the next process. Never throws: without a snapshot the store is read. */
export function keepSnapshots(
  { least = LEAST, ...of }: SnapshotOf & KeptIndex,
  index: { slots: Slots; rows: BitRows; words: Words },
): Snapshots {
  /** Changed since the snapshot that is there; null: none is. */
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
        // No room, or a folder that may not be written: the next process is told no more than this one was.
        cannot = true;
      }
    },
  };
}
