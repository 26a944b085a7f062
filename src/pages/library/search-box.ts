import { byId } from '../shared/element.js';
import type { Cell } from './cell.js';
import type { Listbox } from './listbox.js';
import type { Mode, Question } from './question.js';
import type { Searching } from './searching.js';

interface BoxParts {
  question: Cell<Question>;
  searching: Searching;
  results: Listbox;
}

/** Milliseconds from the last keystroke to the preview. */
const PAUSE_MS = 220;
const SHORTEST = 3;

/**
 * Listens to the search box. A search by meaning costs money for each new query, so typing must not send every prefix:
 * Enter and ArrowDown search by meaning, typing searches only by words.
 */
export function listenToSearchBox({ question, searching, results }: BoxParts): HTMLInputElement {
  const box = byId<HTMLInputElement>('q');
  const mode = byId<HTMLSelectElement>('mode');
  let waiting = 0;
  /** Whether to move to the first hit as soon as there is one. */
  let descends = false;

  const isNew = (): boolean => box.value.trim() !== question.get().q.trim();
  const typed = (): Question => ({ ...question.get(), q: box.value.trim(), mode: mode.value as Mode });
  const search = (): void => {
    clearTimeout(waiting);
    question.set(typed());
  };
  const descend = (): void => {
    results.root.focus();
    results.move(Math.max(0, results.active.get()));
  };
  box.oninput = () => {
    clearTimeout(waiting);
    descends = false;
    if (box.value.trim().length >= SHORTEST)
      waiting = setTimeout(() => {
        if (isNew()) searching.preview(typed());
      }, PAUSE_MS);
  };
  box.onkeydown = (event) => {
    if (event.isComposing) return;
    if (event.key === 'ArrowDown') {
      event.preventDefault();
      const { state } = searching.found.get();
      if (isNew() && box.value.trim() !== '') {
        descends = true;
        search();
      } else if (state === 'asking') descends = true;
      else if (results.samples().length > 0) descend();
    } else if (event.key === 'Escape') {
      event.preventDefault();
      if (box.value !== '') box.value = '';
      else box.blur();
    }
  };
  byId<HTMLFormElement>('ask').onsubmit = (event) => {
    event.preventDefault();
    if (isNew() || searching.found.get().state === 'refused') search();
    else if (results.samples().length > 0) descend();
  };
  mode.onchange = search;
  question.watch(({ q, mode: now }) => {
    if (isNew()) box.value = q;
    mode.value = now;
  });
  // What was typed before the page was ready stays.
  if (box.value === '') box.value = question.get().q;
  mode.value = question.get().mode;
  searching.found.watch((found) => {
    if (found.state === 'asking' || !descends) return;
    descends = false;
    if (found.state === 'found' && found.samples.length > 0) {
      results.root.focus();
      results.move(0);
    }
  });
  return box;
}
