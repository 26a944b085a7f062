import { announce } from './announce.js';
import { revealed, type Sample } from './api.js';
import type { Cell } from './cell.js';
import type { Titles } from './chips.js';
import { copyText } from './clipboard.js';
import { titleOf } from './format.js';
import type { Question } from './question.js';
import { MOST, type Tray } from './tray/tray-store.js';

/** Actions on the current sample. */
export interface Actions {
  more(): void;
  less(): void;
  collect(): void;
  copyPath(): Promise<void>;
  /** Shows the file in the file manager. */
  reveal(): Promise<void>;
}

interface ActionParts {
  current: Cell<Sample | null>;
  question: Cell<Question>;
  tray: Tray;
  titles: Titles;
  /** Shows a message, and announces it to screen readers. */
  say(sentence: string): void;
}

export function createActions({ current, question, tray, titles, say }: ActionParts): Actions {
  /** Adds the current sample as an example, or removes it when it already is an example of that kind. */
  const example = (kind: 'like' | 'unlike'): void => {
    const sample = current.get();
    if (sample === null) return;
    const id = String(sample.id);
    titles.know(id, titleOf(sample));
    const now = question.get();
    const other = kind === 'like' ? 'unlike' : 'like';
    const had = now[kind].includes(id);
    question.set({
      ...now,
      [kind]: had ? now[kind].filter((each) => each !== id) : [...now[kind], id],
      [other]: now[other].filter((each) => each !== id),
    });
    announce(`${kind === 'like' ? 'More' : 'Less'} like ${titleOf(sample)}${had ? ', taken back' : ''}`);
  };
  return {
    more: () => example('like'),
    less: () => example('unlike'),
    collect() {
      const sample = current.get();
      if (sample === null) return;
      const had = tray.has(sample.id);
      const collected = tray.toggle(sample);
      if (collected) say(`${titleOf(sample)} is in the tray, ${tray.samples.get().length} in all.`);
      else if (had) say(`${titleOf(sample)} is out of the tray.`);
      else say(`The tray is full: it holds ${MOST} samples. Export them and clear it.`);
    },
    async copyPath() {
      const path = current.get()?.path;
      if (path === undefined) return;
      if (path === null) return say('The catalog names no file for it.');
      say((await copyText(path)) ? `Copied: ${path}` : `The browser did not allow the page to copy: ${path}`);
    },
    async reveal() {
      const sample = current.get();
      if (sample === null) return;
      try {
        await revealed(String(sample.id));
        announce(`${titleOf(sample)} is shown in the file manager`);
      } catch (error) {
        say((error as Error).message);
      }
    },
  };
}
