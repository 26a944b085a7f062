import { runWay } from './run-way.mjs';
import { nanos } from './verdict/index.mjs';
import { WAYS } from './ways/index.mjs';

/**
 * Every way of lying, with and without a cap, as a table.
 * @param only a regular expression that the names of the ways must match; undefined: all
 * @returns the exit code: 1 when a promise was broken
 */
export async function measureLies({ only, log = console.log } = {}) {
  const wanted = new RegExp(only ?? '');
  const ways = WAYS.filter(({ name }) => wanted.test(name));
  log(row('way', 'cap', 'bill', 'settled', 'uncertain', 'verdict'));
  let broken = 0;
  const queue = ways.flatMap((way) => [false, true].map((capped) => ({ way, capped })));
  for (const { way, capped } of queue) {
    const { capPicos, figures, violations } = await runWay(way, capped);
    if (violations.length > 0) broken += 1;
    const verdict = violations.length === 0 ? 'holds' : `BROKEN ${rulesOf(violations)}`;
    const money = [figures.bill, figures.settled, figures.uncertain].map(nanos);
    log(row(way.name, capPicos === null ? '–' : nanos(capPicos), ...money, verdict));
    for (const { rule, message } of violations) log(`      ${rule}: ${message}`);
  }
  log(`${ways.length} ways, each with and without a cap: ${queue.length - broken} hold, ${broken} broken`);
  return broken === 0 ? 0 : 1;
}

const rulesOf = (violations) => [...new Set(violations.map(({ rule }) => rule))].join(', ');

const row = (way, cap, bill, settled, uncertain, verdict) =>
  `${way.padEnd(46)} ${[cap, bill, settled, uncertain].map((cell) => cell.padStart(16)).join(' ')}  ${verdict}`;
