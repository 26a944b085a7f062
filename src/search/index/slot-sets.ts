import type { AmongCall } from './calls.js';
import type { Filters } from './filters.js';
import type { Slots } from './slots.js';

/** A set of slots that may be found. */
export interface SlotSet {
  /** By slot; 1: it may be found. */
  mask: Uint8Array;
  count: number;
  /** The same slots, ascending, if they are few; null if they are many. */
  list: Uint32Array | null;
}

/** Largest share of all slots for a list: beyond it, a list is no faster than a scan of all slots. */
const FEW = 0.2;

/** Builds the sets of slots that searches need and caches them while nothing changes. */
export class SlotSets {
  private version = -1;
  private readonly all = new Map<number, SlotSet>();
  private readonly fitted = new WeakMap<object, Map<number, SlotSet>>();

  constructor(
    private readonly slots: Slots,
    private readonly filters: Filters,
  ) {}

  /** Returns the slots with `flag` that are in `among`. Throws if the index no longer knows the filter. */
  of(among: AmongCall, flag: number): SlotSet {
    const { flags, count, version } = this.slots;
    if (this.version !== version) this.all.clear();
    this.version = version;
    const on = (slot: number): number => (((flags[slot] as number) & flag) !== 0 ? 1 : 0);
    if (among === null)
      return once(this.all, flag, () => {
        const mask = new Uint8Array(count);
        for (let slot = 0; slot < count; slot++) mask[slot] = on(slot);
        return setOf(mask);
      });
    if ('ids' in among) {
      const mask = new Uint8Array(count);
      for (const id of among.ids) {
        const slot = this.slots.of(id);
        if (slot >= 0) mask[slot] = on(slot);
      }
      return setOf(mask);
    }
    const fitted = this.filters.fitted(among.filter);
    if (fitted === null) throw new Error('the filter is not known to the index any more');
    const known = this.fitted.get(fitted) ?? new Map<number, SlotSet>();
    this.fitted.set(fitted, known);
    return once(known, flag, () => {
      const mask = new Uint8Array(count);
      for (let slot = 0; slot < count; slot++) mask[slot] = on(slot) & (fitted.mask[slot] as number);
      return setOf(mask);
    });
  }
}

function once<K>(known: Map<K, SlotSet>, key: K, make: () => SlotSet): SlotSet {
  const there = known.get(key) ?? make();
  known.set(key, there);
  return there;
}

function setOf(mask: Uint8Array): SlotSet {
  let count = 0;
  for (let slot = 0; slot < mask.length; slot++) count += mask[slot] as number;
  if (count > FEW * mask.length) return { mask, count, list: null };
  const list = new Uint32Array(count);
  for (let slot = 0, at = 0; slot < mask.length; slot++) if (mask[slot] === 1) list[at++] = slot;
  return { mask, count, list };
}
