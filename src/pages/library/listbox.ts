import type { Sample } from './api.js';
import type { Cell } from './cell.js';
import { cell } from './cell.js';

/** A list with arrow-key navigation. The focus stays on the list itself. */
export interface Listbox {
  root: HTMLElement;
  samples(): readonly Sample[];
  /** Index of the active sample; −1: none. */
  active: Cell<number>;
  /** Replaces the samples. The active sample stays active when it is among the new ones. */
  show(samples: readonly Sample[]): void;
  /** Adds samples at the end. */
  append(samples: readonly Sample[]): void;
  /** Makes a sample active without calling `moved`. */
  mark(index: number): void;
  /** Makes a sample active and calls `moved`. */
  move(to: number, held?: boolean): void;
}

export interface ListboxOptions {
  root: HTMLElement;
  row(sample: Sample, index: number): HTMLElement;
  /** `held`: the key is held down, so another move follows at once. */
  moved(sample: Sample, index: number, held: boolean): void;
  /** Called on ArrowUp at the first sample. */
  above?(): void;
  /** Called on ArrowDown at the last sample. */
  below?(): void;
}

/** Rows that PageUp and PageDown move. */
export const PAGE = 10;

export function createListbox({ root, row, moved, above, below }: ListboxOptions): Listbox {
  let samples: readonly Sample[] = [];
  const active = cell(-1);
  const at = (index: number): HTMLElement | undefined =>
    (root.children[index] as HTMLElement | undefined) ?? undefined;

  const mark = (index: number): void => {
    at(active.get())?.setAttribute('aria-selected', 'false');
    const option = at(index);
    if (option === undefined) root.removeAttribute('aria-activedescendant');
    else {
      option.setAttribute('aria-selected', 'true');
      root.setAttribute('aria-activedescendant', option.id);
      option.scrollIntoView({ block: 'nearest' });
    }
    active.set(index);
  };
  const made = (list: readonly Sample[], from: number): HTMLElement[] =>
    list.map((sample, index) => {
      const option = row(sample, from + index);
      option.id = `${root.id}-${from + index}`;
      option.setAttribute('role', 'option');
      option.setAttribute('aria-selected', 'false');
      return option;
    });
  const move = (to: number, held = false): void => {
    const sample = samples[to];
    if (sample === undefined) return;
    mark(to);
    moved(sample, to, held);
  };
  root.addEventListener('keydown', (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const now = active.get();
    const last = samples.length - 1;
    const steps: Record<string, () => void> = {
      ArrowDown: () => (now >= last ? below?.() : move(now + 1, event.repeat)),
      ArrowUp: () => (now <= 0 ? above?.() : move(now - 1, event.repeat)),
      Home: () => move(0),
      End: () => move(last),
      PageDown: () => move(Math.min(last, now + PAGE), event.repeat),
      PageUp: () => move(Math.max(0, now - PAGE), event.repeat),
    };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    step();
  });
  root.addEventListener('click', (event) => {
    const option = (event.target as Element).closest('[role=option]');
    if (option !== null) move([...root.children].indexOf(option));
  });
  return {
    root,
    samples: () => samples,
    active,
    show(list) {
      const before = samples[active.get()]?.id;
      samples = list;
      root.replaceChildren(...made(list, 0));
      mark(before === undefined ? -1 : list.findIndex(({ id }) => id === before));
    },
    append(list) {
      const from = samples.length;
      samples = [...samples, ...list];
      root.append(...made(list, from));
    },
    ...{ mark, move },
  };
}
