import { required } from '../../config.js';
import type { Usage, UsageFigures, UsageGrouping, UsageRow } from '../../engines/libsql/usage.js';
import { usageFault } from '../../fault.js';
import { withStore } from '../../hosting/existing-store.js';
import { count, minute, plain, usd } from '../../terminal/format.js';
import { listTable } from '../../terminal/tables.js';
import { createConsole } from '../console.js';
import { ExitCode } from '../exit-codes.js';
import { HERE, type Site } from '../site.js';
import type { ReconcileOptions } from './reconcile.js';
import { usageJson } from './usage-json.js';

/** Groups in the JSON, at most. */
const JSON_LIMIT = 100_000;
const HEADS: Record<UsageGrouping, string[]> = {
  run: ['Run', 'Begun (UTC)'],
  day: ['Day (UTC)'],
  model: ['Model'],
};

interface UsageOptions extends ReconcileOptions {
  by: UsageGrouping;
  limit: number;
  json?: boolean;
}

/** `embeddings usage`: prints what was spent according to the ledger; exit 0. With `--json`, see usage-json.ts. */
export async function usage(host: NodeJS.Process, options: UsageOptions, site: Site = HERE): Promise<number> {
  const { by } = options;
  const console = createConsole(host, options.json === true, site.words);
  const settings = required(site.settings(), 'storeUrl');
  if (options.reconcile !== undefined || options.managementKey !== undefined) {
    const { reconcileUsage } = await import('./reconcile.js');
    return reconcileUsage(host, console, settings, options);
  }
  if (options.sharedKey === true)
    throw usageFault('--shared-key needs --reconcile FILE or --management-key: give one of them too');
  const limit = console.json ? JSON_LIMIT : options.limit;
  const found = await withStore(settings, (store) => store.usage(by, { limit }));
  console.answer(usageJson(by, found));
  if (console.json) return ExitCode.Ok;
  if (found === null || found.total.requests === 0) {
    console.say('Nothing spent: no request has been sent for this store yet. Begin with: embeddings --all');
    return ExitCode.Ok;
  }
  const amount = amountsOf(found);
  console.say(usageTable(by, found, amount, host.stdout.isTTY ? host.stdout.columns : undefined));
  if (found.leftOut > 0)
    console.say(
      `${count(found.leftOut)} earlier rows, included in the total: embeddings usage --by ${by} --limit ${found.rows.length + found.leftOut}`,
    );
  for (const line of explained(found.total, amount)) console.say(line);
  return ExitCode.Ok;
}

type Amount = (nanos: bigint | null) => string;

/**
 * Returns a formatter. Below a dollar it shows all decimal places needed, so that the shown rows add up; above, four.
 */
function amountsOf({ rows, total }: Usage): Amount {
  const columns = moneyColumns(total);
  const shown = [...rows, total].flatMap((each) => columns.map(({ of }) => of(each) ?? 0n));
  const small = shown.every((nanos) => nanos < 1_000_000_000n);
  let places = small ? 9 : 4;
  while (places > 4 && shown.every((nanos) => nanos % 10n ** BigInt(10 - places) === 0n)) places -= 1;
  return (nanos) => (nanos === null ? 'unknown' : usd(nanos, { places }));
}

function usageTable(
  by: UsageGrouping,
  { rows, total }: Usage,
  amount: Amount,
  columns: number | undefined,
): string {
  const money = moneyColumns(total);
  const figures = (of: UsageFigures): string[] => [
    count(of.requests),
    count(of.tokens),
    ...money.map(({ of: figure }) => amount(figure(of))),
  ];
  const names = (row: UsageRow): string[] => [
    plain(row.name),
    ...(by === 'run' ? [minute(row.firstAt)] : []),
  ];
  const numbers = ['Requests', 'Tokens', ...money.map(({ head }) => head)];
  return listTable(
    [...HEADS[by], ...numbers],
    rows.map((row) => [...names(row), ...figures(row)]),
    {
      columns,
      aligns: [...HEADS[by].map(() => 'left' as const), ...numbers.map(() => 'right' as const)],
      footer: ['Total', ...HEADS[by].slice(1).map(() => ''), ...figures(total)],
    },
  );
}

interface MoneyColumn {
  head: string;
  of: (figures: UsageFigures) => bigint | null;
}

/** Returns the columns for the cost, its parts, and what it may be at most, where these differ from the cost. */
function moneyColumns(total: UsageFigures): MoneyColumn[] {
  return [
    ...(total.priceNanos > 0n
      ? [
          { head: 'Stated', of: (each: UsageFigures) => each.providerNanos },
          { head: 'By price', of: (each: UsageFigures) => each.priceNanos },
        ]
      : []),
    ...(total.byok > 0
      ? [
          { head: 'Fee', of: (each: UsageFigures) => each.feeNanos },
          { head: 'Upstream', of: (each: UsageFigures) => each.upstreamNanos },
        ]
      : []),
    { head: 'Cost', of: (each) => each.costNanos },
    // The two differ only if an answer is missing or not trusted.
    ...(total.atMostNanos !== total.costNanos
      ? [{ head: 'At most', of: (each: UsageFigures) => each.atMostNanos }]
      : []),
  ];
}

const requests = (n: number): string => `${count(n)} ${n === 1 ? 'request' : 'requests'}`;

/** Explains the total in sentences: the requests' outcomes, the source of the figures, and what the bill may be. */
function explained(total: UsageFigures, amount: Amount): string[] {
  const { costNanos, providerNanos, priceNanos, atMostNanos, cached } = total;
  const lines = [
    `Settled: ${requests(total.settled)}${cached > 0 ? `, ${count(cached)} of them free from the provider's cache` : ''}`,
  ];
  if (total.unknownCost > 0)
    lines.push(`Unknown: the cost of ${requests(total.unknownCost)} of these; it is not in the figures`);
  if (total.failed > 0) lines.push(`Failed: ${requests(total.failed)}, not billed`);
  if (total.uncertain > 0)
    lines.push(`Uncertain: ${requests(total.uncertain)} without a conclusive answer, perhaps billed`);
  if (total.pending > 0)
    lines.push(`Pending: ${requests(total.pending)} under way, or left by a worker that was killed`);
  if (priceNanos > 0n)
    lines.push(
      `Cost: ${amount(providerNanos)} stated by the provider, ${amount(priceNanos)} by tokens × price`,
    );
  else if (providerNanos > 0n && providerNanos === costNanos)
    lines.push('Cost: all of it as the provider stated it');
  if (total.byok > 0)
    lines.push(
      `A key of your own: ${requests(total.byok)}; ${amount(total.feeNanos)} fee, ${amount(total.upstreamNanos)} paid upstream, both in Cost`,
    );
  if (atMostNanos === null)
    lines.push(`The bill: ${amount(costNanos ?? 0n)} or more; no upper bound is known`);
  else if (atMostNanos !== costNanos)
    lines.push(`The bill: from ${amount(costNanos ?? 0n)} to ${amount(atMostNanos)}`);
  return lines;
}
