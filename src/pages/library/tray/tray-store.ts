import type { Sample } from '../api.js';
import { type Cell, cell } from '../cell.js';
import { keep, kept } from '../kept.js';

/** The collected samples, in order. The browser stores one tray per collection. */
export interface Tray {
  samples: Cell<readonly Sample[]>;
  has(id: Sample['id']): boolean;
  /** Adds the sample, or removes it when it is in the tray. @returns whether it is in the tray now. */
  toggle(sample: Sample): boolean;
  remove(index: number): void;
  /** @returns the new index. */
  move(index: number, by: -1 | 1): number;
  clear(): void;
}

/** More samples than the card of any sampler holds. A browser stores only some megabytes. */
export const MOST = 1000;
const isList = (value: unknown): value is Sample[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'object' && item !== null && 'id' in item);

export function createTray(collection: string): Tray {
  const key = `embeddings.tray.${collection}`;
  const samples = cell<readonly Sample[]>(kept(key, [], isList));
  samples.watch((list) => keep(key, list));
  // Another window of the same page has changed the tray.
  addEventListener('storage', (event) => {
    if (event.key === key) samples.set(kept(key, [], isList));
  });
  const has = (id: Sample['id']): boolean => samples.get().some((sample) => sample.id === id);
  return {
    samples,
    has,
    toggle(sample) {
      if (has(sample.id)) {
        samples.set(samples.get().filter(({ id }) => id !== sample.id));
        return false;
      }
      if (samples.get().length >= MOST) return false;
      samples.set([...samples.get(), sample]);
      return true;
    },
    remove: (index) => samples.set(samples.get().filter((_, at) => at !== index)),
    move(index, by) {
      const to = index + by;
      const list = [...samples.get()];
      const [one] = list.splice(index, 1);
      if (one === undefined || to < 0 || to > list.length) return index;
      list.splice(to, 0, one);
      samples.set(list);
      return to;
    },
    clear: () => samples.set([]),
  };
}
