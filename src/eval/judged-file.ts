import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { usageFault } from '../fault.js';

/** A query and a person's grades of samples for it: 0 is wrong, 3 is exactly what was looked for. */
export interface JudgedQuery {
  query: string;
  grades: Map<string, number>;
}

const line = z.object({
  query: z.string().trim().min(1),
  grades: z.record(z.string(), z.number().int().min(0).max(3)),
});

/**
 * Reads a file of judged queries: JSON lines, `{"query": "warm jazz", "grades": {"17": 3, "4": 0}}` each, with the
 * catalog's ids. Throws a usage Fault that names the line. `ifThere`: a missing file gives an empty list.
 */
export function readJudged(path: string, { ifThere = false } = {}): JudgedQuery[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && ifThere) return [];
    throw usageFault(`${path} cannot be read (${code}): make it with embeddings judge`);
  }
  const found: JudgedQuery[] = [];
  for (const [at, row] of text.split('\n').entries()) {
    if (row.trim() === '') continue;
    const parsed = line.safeParse(jsonOf(row));
    if (!parsed.success)
      throw usageFault(
        `${path}, line ${at + 1} is no judged query: write {"query": "warm jazz", "grades": {"17": 3}}, grades from 0 to 3`,
      );
    found.push({ query: parsed.data.query, grades: new Map(Object.entries(parsed.data.grades)) });
  }
  return found;
}

/** Returns the text of such a file. */
export const judgedText = (all: readonly JudgedQuery[]): string =>
  all
    .map(({ query, grades }) => `${JSON.stringify({ query, grades: Object.fromEntries(grades) })}\n`)
    .join('');

function jsonOf(row: string): unknown {
  try {
    return JSON.parse(row);
  } catch {
    return null;
  }
}
