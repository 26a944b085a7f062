import { usageFault } from '../fault.js';
import { countOf, nanosOfDollars } from './dollars.js';
import type { ActivityRow } from './types.js';

/** Returns the UTC day, YYYY-MM-DD, of a day or of a UTC time; null when the value is neither. */
export function dayOf(value: unknown): string | null {
  const form = /^(\d{4}-\d\d-\d\d)(?:[ T][\d:.]+\s*(?:Z|UTC|\+00(?::?00)?)?)?$/i;
  const day = form.exec(String(value).trim())?.[1];
  return day !== undefined && !Number.isNaN(Date.parse(`${day}T00:00:00Z`)) ? day : null;
}

/**
 * Reads rows of GET /activity: `date` (a UTC day), `model`, `model_permaslug`, `requests`, `prompt_tokens`,
 * `completion_tokens`, `usage` and `byok_usage_inference` (dollars). `source` names the file in messages. Throws a
 * usage Fault that names row and field.
 */
export function activityOfItems(items: readonly unknown[], source: string): ActivityRow[] {
  return items.map((item, index) => {
    const fields = (typeof item === 'object' && item !== null ? item : {}) as Record<string, unknown>;
    const need = <T>(name: string, value: T | null): T => {
      if (value !== null) return value;
      const found = fields[name] === undefined ? 'nothing' : JSON.stringify(fields[name]).slice(0, 60);
      throw usageFault(
        `${source}: row ${index + 1} has ${found} as ${name}, so it is no activity of GET /activity: fetch it again`,
      );
    };
    const names = [fields.model, fields.model_permaslug].filter((name) => typeof name === 'string');
    const optional = (name: string): bigint =>
      fields[name] === undefined || fields[name] === null || fields[name] === ''
        ? 0n
        : need(name, countOf(fields[name]));
    const byok = fields.byok_usage_inference ?? 0;
    const byokNanos = need('byok_usage_inference', nanosOfDollars(byok === '' ? 0 : byok));
    return {
      day: need('date', dayOf(fields.date)),
      names: need('model', names.length > 0 ? (names as string[]) : null),
      requests: Number(need('requests', countOf(fields.requests))),
      tokens: need('prompt_tokens', countOf(fields.prompt_tokens)) + optional('completion_tokens'),
      costNanos: need('usage', nanosOfDollars(fields.usage)) + byokNanos,
      byokNanos,
      providerId: null,
      app: null,
    };
  });
}
