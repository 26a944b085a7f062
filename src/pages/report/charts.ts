import type { EChartsCoreOption } from 'echarts/core';
import type { ReportData } from '../../report/report-data.js';
import { PALETTE } from '../shared/theme.js';

interface Colours {
  ink: string;
  line: string;
}

/** One chart, and the same data as a table for keyboard and screen reader users. */
export interface Chart {
  title: string;
  /** Text in place of the chart when there is nothing to draw. */
  empty: string | null;
  tall?: boolean;
  head: string[];
  rows: (string | number)[][];
  option(colours: Colours): EChartsCoreOption;
}

const [BLUE, ORANGE, RED, TEAL] = PALETTE;
const dollars = (nanos: number): string => `$${(nanos / 1e9).toFixed(nanos < 1e7 ? 6 : 4)}`;
const whole = (value: number): string => value.toLocaleString('en');

interface Series {
  name: string;
  /** Null: unknown. It is never drawn or written as 0. */
  values: (number | null)[];
  colour: string;
  stack?: string;
  line?: boolean;
  axis?: 0 | 1;
}

interface Bars {
  title: string;
  empty: string;
  names: string[];
  series: Series[];
  units: [(value: number) => string, ((value: number) => string)?];
  sideways?: boolean;
  head: string;
}

/** Creates a chart of bars (and lines) by name, and a table of the same numbers. */
function bars({ title, empty, names, series, units, sideways = false, head }: Bars): Chart {
  const unit = (axis: 0 | 1): ((value: number) => string) => units[axis] ?? units[0];
  const said = (value: number | null | undefined, axis: 0 | 1): string =>
    value === null ? 'unknown' : unit(axis)(value ?? 0);
  return {
    title,
    empty: names.length === 0 ? empty : null,
    tall: sideways && names.length > 10,
    head: [head, ...series.map(({ name }) => name)],
    rows: names.map((name, index) => [
      name,
      ...series.map(({ values, axis = 0 }) => said(values[index], axis)),
    ]),
    option: ({ ink, line }) => {
      const category = {
        type: 'category',
        data: names,
        axisLabel: { color: ink, hideOverlap: true },
        axisLine: { lineStyle: { color: line } },
        axisTick: { show: false },
        ...(sideways && { inverse: true }),
      };
      const value = (axis: 0 | 1) => ({
        type: 'value',
        axisLabel: { color: ink, formatter: unit(axis) },
        splitLine: { lineStyle: { color: line }, show: axis === 0 },
      });
      const values = units[1] === undefined ? value(0) : [value(0), value(1)];
      return {
        aria: { enabled: true },
        animation: false,
        grid: { left: 8, right: 12, top: 34, bottom: 4, containLabel: true },
        tooltip: {
          trigger: 'axis',
          axisPointer: { type: 'shadow' },
          // Names come from the catalog, so they are drawn as text, never as markup.
          renderMode: 'richText',
        },
        legend: { top: 0, left: 0, textStyle: { color: ink }, show: series.length > 1 },
        xAxis: sideways ? values : category,
        yAxis: sideways ? category : values,
        series: series.map((each) => ({
          name: each.name,
          type: each.line ? 'line' : 'bar',
          data: each.values,
          color: each.colour,
          barMaxWidth: 34,
          ...(each.stack !== undefined && { stack: each.stack }),
          ...(each.axis === 1 && !sideways && { yAxisIndex: 1 }),
          tooltip: { valueFormatter: (x: unknown) => said(typeof x === 'number' ? x : null, each.axis ?? 0) },
        })),
      };
    },
  };
}

export function chartsOf(report: ReportData): Chart[] {
  const { days, runs, failures, lengths, genres } = report;
  const runNames = runs.map(({ startedAt }) => startedAt.slice(5, 16).replace('T', ' '));
  return [
    bars({
      title: 'Spending and tokens by day (UTC)',
      empty: 'Nothing was spent yet.',
      head: 'Day',
      names: days.map(({ day }) => day),
      series: [
        { name: 'Cost', values: days.map(({ costNanos }) => costNanos), colour: BLUE },
        { name: 'Tokens', values: days.map(({ tokens }) => tokens), colour: ORANGE, line: true, axis: 1 },
      ],
      units: [dollars, whole],
    }),
    bars({
      title: 'Throughput of each run',
      empty: 'No run yet.',
      head: 'Begun (UTC)',
      names: runNames,
      series: [
        {
          name: 'Samples a second',
          values: runs.map(({ stored, seconds }) => (seconds > 0 ? Math.round(stored / seconds) : 0)),
          colour: TEAL,
        },
      ],
      units: [whole],
    }),
    bars({
      title: 'Requests of each run, and those that were sent again',
      empty: 'No run yet.',
      head: 'Begun (UTC)',
      names: runNames,
      series: [
        {
          name: 'Answered',
          values: runs.map((run) => run.requests - run.failedRequests - run.uncertain),
          colour: BLUE,
          stack: 'all',
        },
        {
          name: 'Refused or failed',
          values: runs.map((run) => run.failedRequests),
          colour: RED,
          stack: 'all',
        },
        { name: 'Uncertain', values: runs.map((run) => run.uncertain), colour: ORANGE, stack: 'all' },
      ],
      units: [whole],
    }),
    bars({
      title: 'Failed samples by reason',
      empty: 'No sample has failed.',
      head: 'Reason',
      names: failures.map(({ reason }) => reason),
      series: [{ name: 'Samples', values: failures.map(({ count }) => count), colour: RED }],
      units: [whole],
      sideways: true,
    }),
    bars({
      title: 'How long the texts are (characters)',
      empty: 'No text is stored yet.',
      head: 'Characters',
      names: lengths.map(({ from, to }) => `${from}–${to}`),
      series: [{ name: 'Texts', values: lengths.map(({ count }) => count), colour: BLUE }],
      units: [whole],
    }),
    bars({
      title: 'Coverage of the catalog by genre',
      empty: 'The catalog is empty.',
      head: 'Genre',
      names: genres.map(({ name }) => name),
      series: [
        { name: 'Embedded', values: genres.map(({ stored }) => stored), colour: TEAL, stack: 'all' },
        {
          name: 'Not yet',
          values: genres.map(({ samples, stored }) => samples - stored),
          colour: '#9aa0ab',
          stack: 'all',
        },
      ],
      units: [whole],
      sideways: true,
    }),
  ];
}
