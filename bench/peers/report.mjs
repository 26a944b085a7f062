import Table from 'cli-table3';
import { FAULTS } from './faults.mjs';

const plain = { head: [], border: [], compact: true };
const right = (count) => ['left', ...Array(count).fill('right')];
const table = (head, rows) => {
  const drawn = new Table({ head, style: plain, colAligns: right(head.length - 1) });
  drawn.push(...rows);
  return drawn.toString();
};
const whole = (number) => Math.round(number).toLocaleString('en');
const some = (number, digits) => (number === null ? '–' : number.toFixed(digits));

export function speedTable({ latency, contenders }) {
  const ours = contenders.find(({ name }) => name === 'ours')?.rate;
  const ran = contenders.filter(({ error }) => error === undefined);
  const rows = ran.map((each) => [
    each.title,
    whole(each.samples),
    each.rate < 100 ? each.rate.toFixed(1) : whole(each.rate),
    ours === undefined ? '–' : (ours / each.rate).toFixed(ours / each.rate < 10 ? 2 : 0),
    some(each.cpuPerThousand, 2),
    each.peak ? whole(each.peak / 2 ** 20) : '–',
    whole(each.requests),
    each.whole.toFixed(1),
  ]);
  const head = [
    '',
    'samples',
    'samples/s',
    'ours is × it',
    'CPU s per 1,000',
    'peak MB',
    'requests',
    'process s',
  ];
  return [`latency ${latency} ms`, table(head, rows), ...failures(contenders)].join('\n');
}

export function faultTable(kind, results) {
  const ran = results.filter(({ error }) => error === undefined);
  const rows = ran.map((each) => [
    each.title,
    whole(each.samples),
    whole(each.lost),
    whole(each.twice),
    whole(each.again),
    whole(each.extra),
    whole(each.refused),
    whole(each.requests),
    each.seconds.toFixed(1),
    each.code === 0 ? 'ended' : `exit ${each.code ?? 'by kill'}`,
  ]);
  const head = [
    '',
    'samples',
    'lost',
    'charged twice',
    'sent twice',
    'rows twice',
    '429s',
    'requests',
    'seconds',
    'end',
  ];
  const said = ran.flatMap(({ title, said }) => (said === null ? [] : [`  ${title}: ${said.slice(0, 200)}`]));
  return [FAULTS[kind].title, table(head, rows), ...said, ...failures(results)].join('\n');
}

const failures = (results) =>
  results.flatMap(({ title, error }) => (error === undefined ? [] : [`  ${title} did not run: ${error}`]));

const VERDICTS = new Map([
  [true, 'met'],
  [false, 'NOT MET'],
  [null, '–'],
]);

export const goalTable = (goals) =>
  goals.map(({ text, reached, met }) => `${VERDICTS.get(met).padEnd(8)}${text}: ${reached}`).join('\n');
