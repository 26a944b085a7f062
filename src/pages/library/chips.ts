import { element } from '../shared/element.js';
import { sampleOf } from './api.js';
import type { Cell } from './cell.js';
import { readCondition } from './conditions.js';
import { nameOf, titleOf } from './format.js';
import type { Question } from './question.js';
import { isolated } from './row.js';

/** Titles of samples by id, as far as they are known. */
export interface Titles {
  know(id: string, title: string): void;
  of(id: string): string | null;
  /** Requests a title from the server, and calls `told` once it is known. */
  ask(id: string, told: () => void): void;
}

export function createTitles(): Titles {
  const known = new Map<string, string>();
  const asked = new Set<string>();
  return {
    know: (id, title) => void known.set(id, title),
    of: (id) => known.get(id) ?? null,
    ask(id, told) {
      if (asked.has(id)) return;
      asked.add(id);
      sampleOf(id).then(
        (sample) => {
          known.set(id, titleOf(sample));
          told();
        },
        () => {},
      );
    },
  };
}

/** Draws the examples and conditions of the search, each with a button that removes it. */
export function drawChips(root: HTMLElement, question: Cell<Question>, titles: Titles): void {
  const draw = (): void => {
    const now = question.get();
    const without = (list: readonly string[], index: number): string[] =>
      list.filter((_, at) => at !== index);
    const examples = (kind: 'like' | 'unlike', sign: string) =>
      now[kind].map((id, index) => {
        const title = titles.of(id);
        if (title === null) titles.ask(id, draw);
        const name = title ?? id;
        return chip(kind, sign, name, () => question.set({ ...now, [kind]: without(now[kind], index) }));
      });
    root.replaceChildren(
      ...examples('like', 'more like'),
      ...examples('unlike', 'less like'),
      ...now.where.map((text, index) => {
        const condition = readCondition(text);
        const value =
          condition.kind === 'value' ? condition.value : `${condition.from ?? '…'} – ${condition.to ?? '…'}`;
        return chip('where', nameOf(condition.field), value, () =>
          question.set({ ...now, where: without(now.where, index) }),
        );
      }),
    );
    root.hidden = root.childElementCount === 0;
  };
  question.watch(draw);
  draw();
}

function chip(kind: string, sign: string, text: string, remove: () => void): HTMLElement {
  const button = element(
    'button',
    { type: 'button', className: `chip ${kind}` },
    element('span', { className: 'away' }, 'Remove '),
    element('small', {}, `${sign} `),
    isolated(text.length > 60 ? `${text.slice(0, 60)}…` : text),
    element('span', { className: 'cross', ariaHidden: 'true' }, '×'),
  );
  button.onclick = remove;
  return element('li', {}, button);
}
