import { keep, kept } from './kept.js';

interface Spent {
  day: string;
  dollars: number;
}

const KEY = 'embeddings.spent';
const isSpent = (value: unknown): value is Spent =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as Spent).day === 'string' &&
  typeof (value as Spent).dollars === 'number';

const today = (): string => new Date().toISOString().slice(0, 10);

/** Returns the cost of this browser's queries since midnight UTC, in dollars. */
export function spentToday(): number {
  const spent = kept(KEY, { day: today(), dollars: 0 }, isSpent);
  return spent.day === today() ? spent.dollars : 0;
}

export function addSpent(dollars: number): void {
  keep(KEY, { day: today(), dollars: spentToday() + dollars });
}
