import { byId, element } from '../shared/element.js';
import { type Facet, facets, Refused } from './api.js';
import { type Cell, cell } from './cell.js';
import { fieldOf, rangeCondition, readCondition, valueCondition } from './conditions.js';
import { count, nameOf } from './format.js';
import type { Question } from './question.js';
import { rangeOf } from './range-filter.js';
import { isolated } from './row.js';

/** Number of values of a column that are shown until the user asks for more. */
const FIRST = 8;

interface FilterParts {
  question: Cell<Question>;
  open: Cell<boolean>;
  /** Whether a sample may have several values of that column. */
  isList(field: string): boolean;
}

/** Draws the filters, with counts of the samples that meet all chosen conditions. */
export function drawFilters({ question, open, isList }: FilterParts): void {
  const root = byId('filters');
  const known = cell<{ all: Facet[]; fit: Facet[] } | null>(null);
  const unfolded = new Set<string>();
  let controller = new AbortController();
  let asked: string | null = null;

  const load = async (): Promise<void> => {
    const { where } = question.get();
    const key = JSON.stringify(where);
    if (!open.get() || key === asked) return;
    asked = key;
    controller.abort();
    controller = new AbortController();
    const { signal } = controller;
    try {
      const all = known.get()?.all ?? (await facets([], signal));
      known.set({ all, fit: where.length === 0 ? all : await facets(where, signal) });
    } catch (error) {
      if (signal.aborted) return;
      asked = null;
      const why = error instanceof Refused ? error.message : String(error);
      if (known.get() === null) root.replaceChildren(heading(), element('p', { className: 'soft' }, why));
    }
  };
  const set = (field: string, keep: (text: string) => boolean, add: string[]): void => {
    const now = question.get();
    const where = now.where.filter((text) => fieldOf(text) !== field || keep(text));
    question.set({ ...now, where: [...where, ...add] });
  };
  const ofValues = (facet: Extract<Facet, { kind: 'values' }>, fit: Facet | undefined): HTMLElement => {
    const { field } = facet;
    const chosen = question.get().where.filter((text) => fieldOf(text) === field);
    const counts = new Map(
      fit?.kind === 'values' ? fit.values.map(({ value, count }) => [value.toLowerCase(), count]) : [],
    );
    // In a column with one value per sample, a new value replaces the chosen one, so all values are offered.
    const narrowed = chosen.length === 0 || isList(field);
    const values = facet.values.filter(({ value }, index) => {
      const isChosen = chosen.includes(valueCondition(field, value));
      return (
        isChosen || ((!narrowed || counts.has(value.toLowerCase())) && (index < FIRST || unfolded.has(field)))
      );
    });
    const rows = values.map(({ value, count: total }) => {
      const condition = valueCondition(field, value);
      const box = element('input', { type: 'checkbox', checked: chosen.includes(condition) });
      box.dataset.key = condition;
      box.onchange = () =>
        set(field, (text) => isList(field) && text !== condition, box.checked ? [condition] : []);
      const number = narrowed ? (counts.get(value.toLowerCase()) ?? 0) : total;
      return element(
        'label',
        { className: 'value' },
        box,
        isolated(value.length > 80 ? `${value.slice(0, 80)}…` : value),
        element('small', { className: 'number' }, count(number)),
      );
    });
    const folds = facet.values.length > FIRST;
    const more = element(
      'button',
      { type: 'button', className: 'plain', data: { key: `more ${field}` } },
      unfolded.has(field) ? 'fewer' : `${facet.values.length - FIRST} more`,
    );
    more.onclick = () => {
      if (!unfolded.delete(field)) unfolded.add(field);
      draw();
    };
    return element('fieldset', {}, element('legend', {}, nameOf(field)), ...rows, ...(folds ? [more] : []));
  };
  const ofRange = (facet: Extract<Facet, { kind: 'range' }>): HTMLElement => {
    const { field, min, max } = facet;
    const text = question.get().where.find((each) => fieldOf(each) === field);
    const chosen = text === undefined ? null : readCondition(text);
    const [from, to] = chosen?.kind === 'range' ? [chosen.from ?? min, chosen.to ?? max] : [min, max];
    return rangeOf({
      ...{ field, min, max, from, to },
      changed: (low, high) =>
        set(field, () => false, low <= min && high >= max ? [] : [rangeCondition(field, low, high)]),
    });
  };
  const draw = (): void => {
    const now = known.get();
    if (now === null) return;
    const focused = (document.activeElement as HTMLElement | null)?.dataset.key;
    root.replaceChildren(
      heading(),
      ...now.all.map((facet) =>
        facet.kind === 'range'
          ? ofRange(facet)
          : ofValues(
              facet,
              now.fit.find(({ field }) => field === facet.field),
            ),
      ),
      ...(now.all.length === 0
        ? [element('p', { className: 'soft' }, 'This collection has no filters.')]
        : []),
    );
    if (focused !== undefined)
      root.querySelector<HTMLElement>(`[data-key="${CSS.escape(focused)}"]`)?.focus();
  };
  known.watch(draw);
  open.watch(() => void load());
  question.watch(() => {
    draw();
    void load();
  });
  root.replaceChildren(heading(), element('p', { className: 'soft' }, 'Counting…'));
  void load();
}

const heading = (): HTMLElement => element('h2', {}, 'Filters');
