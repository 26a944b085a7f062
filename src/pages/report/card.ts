import type { ReportData } from '../../report/report-data.js';
import { element } from '../shared/element.js';
import type { Chart } from './charts.js';

/** Creates a chart's card, with its numbers as a table that can be unfolded. `place` null: there is nothing to draw. */
export function card(chart: Chart): { root: HTMLElement; place: HTMLElement | null } {
  const title = element('h2', {}, chart.title);
  if (chart.empty !== null)
    return {
      root: element(
        'section',
        { className: 'card' },
        title,
        element('p', { className: 'soft' }, chart.empty),
      ),
      place: null,
    };
  const place = element('div', { className: chart.tall ? 'chart tall' : 'chart' });
  const table = element(
    'table',
    {},
    element(
      'thead',
      {},
      element('tr', {}, ...chart.head.map((name) => element('th', { scope: 'col' }, name))),
    ),
    element(
      'tbody',
      {},
      ...chart.rows.map((row) => element('tr', {}, ...row.map((value) => element('td', {}, String(value))))),
    ),
  );
  const fold = element(
    'details',
    {},
    element('summary', {}, 'As a table'),
    element('div', { className: 'scroll' }, table),
  );
  return { root: element('section', { className: 'card' }, title, place, fold), place };
}

/** Creates the key figures at the top of the page. */
export function figures(report: ReportData): HTMLElement[] {
  const { samples, stored, failed, costNanos, unpriced, tokens } = report;
  const share = samples === 0 ? '–' : `${((100 * Math.min(stored, samples)) / samples).toFixed(1)}%`;
  const cost =
    costNanos === null ? 'unknown' : `$${(costNanos / 1e9).toFixed(4)}${unpriced > 0 ? ' or more' : ''}`;
  const all: [string, string][] = [
    ['Samples', samples.toLocaleString('en')],
    ['Embedded', `${stored.toLocaleString('en')} (${share})`],
    ['Failed', failed.toLocaleString('en')],
    ['Spent', cost],
    ['Tokens', tokens.toLocaleString('en')],
  ];
  return all.map(([name, value]) =>
    element('div', { className: 'figure' }, element('small', {}, name), element('b', {}, value)),
  );
}
