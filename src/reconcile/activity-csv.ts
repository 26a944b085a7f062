import { parse } from 'csv-parse/sync';
import { usageFault } from '../fault.js';
import { activityOfItems, dayOf } from './activity-items.js';
import { countOf, nanosOfDollars } from './dollars.js';
import type { Activity, ActivityRow } from './types.js';

type Record_ = Record<string, string>;

/** Columns of the page's export, one row per request, in UTC. Others (provider, latency, …) are not needed. */
const NEEDED = ['created_at', 'cost_total', 'tokens_prompt', 'model_permaslug'];
/** Columns of GET /activity, written as CSV. */
const DAILY = ['date', 'model', 'usage', 'requests', 'prompt_tokens'];

/** Reads either CSV. Throws a usage Fault that ends with `cure` when it is neither. */
export function activityOfCsv(text: string, source: string, cure: string): Activity {
  let records: Record_[];
  let columns: string[] = [];
  try {
    records = parse(text, {
      columns: (header: string[]) => {
        columns = header.map((name) => name.trim().toLowerCase());
        return columns;
      },
      skip_empty_lines: true,
      trim: true,
    }) as Record_[];
  } catch (error) {
    throw usageFault(`${source} is neither JSON nor CSV (${(error as Error).message}): ${cure}`, error);
  }
  const lacks = (names: string[]): string[] => names.filter((name) => !columns.includes(name));
  if (lacks(DAILY).length === 0) return { rows: activityOfItems(records, source), from: null, to: null };
  if (lacks(NEEDED).length > 0)
    throw usageFault(`${source} has no column ${lacks(NEEDED).join(', ')}: ${cure}`);
  return { rows: records.map((record, index) => rowOf(record, index, source)), from: null, to: null };
}

function rowOf(record: Record_, index: number, source: string): ActivityRow {
  const need = <T>(name: string, value: T | null): T => {
    if (value !== null) return value;
    throw usageFault(
      `${source}: line ${index + 2} has "${(record[name] ?? '').slice(0, 60)}" as ${name}: export it again`,
    );
  };
  const money = (name: string): bigint => need(name, nanosOfDollars(record[name] || '0'));
  const tokens = (name: string): bigint => need(name, countOf(record[name] || '0'));
  const byokNanos = money('byok_usage_inference');
  const slug = record.model_permaslug ?? '';
  return {
    day: need('created_at', dayOf(record.created_at)),
    names: [need('model_permaslug', slug === '' ? null : slug)],
    requests: 1,
    tokens: tokens('tokens_prompt') + tokens('tokens_completion'),
    costNanos: money('cost_total') + byokNanos,
    byokNanos,
    providerId: record.generation_id || null,
    app: record.app_name || null,
  };
}
