import { element } from '../shared/element.js';
import type { Sample } from './api.js';
import { beginDrag } from './drag.js';
import { nameOf, seconds, shortValue, titleOf } from './format.js';

/** Creates an element with text from the catalog that cannot change the writing direction of the text around it. */
export const isolated = (text: string, className = ''): HTMLElement =>
  element('bdi', { className, dir: 'auto' }, text);

/** Creates an element with a path. It is cut at its beginning, which is the same for all paths of a library. */
export const pathOf = (path: string): HTMLElement =>
  element('span', { className: 'path', title: path }, element('bdi', { dir: 'ltr' }, path));

export interface RowOptions {
  columns: readonly string[];
  numeric: ReadonlySet<string>;
  /** Whether the sample is in the tray. */
  collected: boolean;
}

/** Creates one line with the column values, for a list that is too narrow for columns. */
function factsOf({ fields }: Sample, columns: readonly string[]): HTMLElement {
  const texts = columns.map((name) => shortValue(fields[name])).filter((text) => text !== '');
  return element(
    'span',
    { className: 'facts' },
    ...texts.slice(0, 4).flatMap((text, index) => [index === 0 ? '' : ' · ', isolated(text)]),
  );
}

/** Creates the row of one hit. Its text alone tells a screen reader everything that it shows. */
export function rowOf(sample: Sample, { columns, numeric, collected }: RowOptions): HTMLElement {
  const cells = columns.map((name, index) => {
    const text = shortValue(sample.fields[name]);
    return element(
      'span',
      { className: `cell c${index}${numeric.has(name) ? ' number' : ''}`, title: text },
      element('span', { className: 'away' }, text === '' ? '' : `, ${nameOf(name)} `),
      isolated(text),
    );
  });
  const root = element(
    'div',
    { className: 'row line', draggable: sample.download_url !== null, data: { id: String(sample.id) } },
    element('span', { className: 'mark', ariaHidden: 'true' }),
    element(
      'span',
      { className: 'name' },
      isolated(titleOf(sample), 'title'),
      element('span', { className: 'kept' }, collected ? ' in tray' : ''),
      ...(sample.gone ? [element('em', { className: 'gone' }, ' has left the catalog')] : []),
      ...(sample.path === null ? [] : [pathOf(sample.path)]),
      factsOf(sample, columns),
    ),
    ...cells,
    element(
      'span',
      { className: 'length number' },
      ...(sample.duration === null
        ? []
        : [element('span', { className: 'away' }, ', '), seconds(sample.duration)]),
    ),
  );
  root.ondragstart = (event) => beginDrag(event, sample);
  return root;
}
