import {
  type Cell,
  type Explanation,
  type Figures,
  KINDS,
  NOTHING,
  plus,
  type Reconciliation,
} from '../../reconcile/types.js';
import { count, plain, usd } from '../../terminal/format.js';
import { hanging } from '../../terminal/hanging.js';
import { listTable } from '../../terminal/tables.js';
import type { Console } from '../console.js';

/** Attempts named in one sentence, at most; `--json` names all. */
const NAMED = 5;
/** Decimal places of a dollar amount in nanodollars. */
const PLACES = 9;

const plural = (n: number, one: string): string => `${count(n)} ${one}${n === 1 ? '' : 's'}`;

/** Returns `2 requests, 200 tokens, $0.000004`, without zero amounts. */
function inWords({ requests, tokens, costNanos }: Figures): string {
  const parts = [
    ...(requests === 0 ? [] : [plural(requests, 'request')]),
    ...(tokens === 0n ? [] : [`${count(tokens)} ${tokens === 1n ? 'token' : 'tokens'}`]),
    ...(costNanos === 0n ? [] : [exact(costNanos)]),
  ];
  return parts.join(', ');
}

/** Formats dollars with all the decimal places needed, at least four. */
const exact = (nanos: bigint): string => usd(nanos, { places: PLACES }).replace(/0{1,5}$/, '');

const opposite = ({ requests, tokens, costNanos }: Figures): Figures => ({
  requests: -requests,
  tokens: -tokens,
  costNanos: -costNanos,
});

const isLess = ({ requests, tokens, costNanos }: Figures): boolean =>
  requests <= 0 && tokens <= 0n && costNanos <= 0n;

/** Returns `1 request, 100 tokens more`; if the signs differ, the numbers with their signs. */
const moreOrLess = (part: Figures): string =>
  isLess(part) ? `${inWords(opposite(part))} less` : `${inWords(part)} more`;

function explanation({ kind, attempts, of, ...part }: Explanation): string {
  const which =
    attempts.length === 0
      ? ''
      : of < attempts.length
        ? ` (${count(of)} of these ${count(attempts.length)}: ${names(attempts)})`
        : ` (${names(attempts)})`;
  return `${kind}: ${moreOrLess(part)}, ${KINDS[kind]}${which}`;
}

const names = (attempts: readonly string[]): string => {
  const shown = attempts.slice(0, NAMED).map(plain).join(', ');
  return attempts.length > NAMED ? `${shown} and ${count(attempts.length - NAMED)} more (--json)` : shown;
};

/** Returns a hint where to look if nothing explains a difference. */
const hint = (rest: Figures): string =>
  isLess(rest)
    ? 'the activity is incomplete, or is of another key or account'
    : 'requests of another program with the same key (then add --shared-key) or of another store, or a ledger that was restored from an older backup';

/** Prints the comparison: a table, then a sentence for each difference. */
export function showReconciliation(
  console: Console,
  source: string,
  found: Reconciliation,
  columns: number | undefined,
): void {
  const { cells, from, to } = found;
  console.say(`The ledger against ${plain(source)}, ${from === to ? from : `${from} to ${to}`} (UTC)`);
  if (cells.length > 0) console.say(table(cells, columns));
  for (const cell of cells) if (cell.verdict !== 'same') printCell(console, cell, columns);
  for (const { model, ...part } of found.otherModels)
    console.say(`Not compared: ${plain(model)}, which this ledger has no requests for: ${inWords(part)}`);
  if (found.incomplete !== null)
    console.say(`Not compared: today, which is not over (UTC): ${inWords(found.incomplete)} so far`);
  if (found.outside > 0)
    console.say(`Not compared: ${plural(found.outside, 'attempt')} on days that the activity does not cover`);
  console.say(conclusion(found));
}

function printCell(console: Console, cell: Cell, columns: number | undefined): void {
  console.say(`${cell.day} ${plain(cell.model)}: the provider has`);
  for (const each of cell.explanations) console.say(hanging('  ', explanation(each), columns));
  if (cell.verdict === 'unexplained')
    console.say(hanging('  ', `UNEXPLAINED: ${moreOrLess(cell.rest)}; perhaps ${hint(cell.rest)}`, columns));
}

function table(cells: readonly Cell[], columns: number | undefined): string {
  const numbers = ['Requests', 'Tokens', 'Billed', 'Ledger'];
  const total = cells.reduce(
    (sum, { provider, ledger }) => ({
      provider: plus(sum.provider, provider),
      ledger: plus(sum.ledger, ledger),
    }),
    { provider: NOTHING, ledger: NOTHING },
  );
  const figures = ({ provider, ledger }: { provider: Figures; ledger: Figures }): string[] => [
    count(provider.requests),
    count(provider.tokens),
    exact(provider.costNanos),
    exact(ledger.costNanos),
  ];
  return listTable(
    ['Day (UTC)', 'Model', ...numbers, ''],
    cells.map((cell) => [cell.day, plain(cell.model), ...figures(cell), cell.verdict]),
    {
      columns,
      flexible: { column: 1, how: 'cut' },
      aligns: ['left', 'left', ...numbers.map(() => 'right' as const), 'left'],
      footer: ['Total', '', ...figures(total), ''],
    },
  );
}

function conclusion({ cells, unexplained }: Reconciliation): string {
  if (cells.length === 0) return 'Neither the provider nor the ledger has anything on these days.';
  const explained = cells.filter(({ verdict }) => verdict === 'explained').length;
  if (unexplained > 0) return `Unexplained: ${count(unexplained)} of ${plural(cells.length, 'row')}`;
  return explained === 0
    ? 'Every row agrees, to the token and the nanodollar.'
    : `Every difference is explained: ${count(explained)} of ${plural(cells.length, 'row')}`;
}
