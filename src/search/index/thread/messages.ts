import type { IndexCalls, IndexState } from '../calls.js';

/** A call to the thread. Answers come in any order and carry the call's number. */
export interface Asked {
  number: number;
  method: keyof IndexCalls;
  args: readonly unknown[];
}

export type Said =
  | { number: number; result: unknown }
  | { number: number; error: string }
  /** Sent without a call. */
  | { state: IndexState };
