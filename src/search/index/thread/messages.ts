import type { IndexCalls, IndexState } from '../calls.js';

/** A call to the thread, which answers in any order, by number. */
export interface Asked {
  number: number;
  method: keyof IndexCalls;
  args: readonly unknown[];
}

export type Said =
  | { number: number; result: unknown }
  | { number: number; error: string }
  /** Without being asked. */
  | { state: IndexState };
