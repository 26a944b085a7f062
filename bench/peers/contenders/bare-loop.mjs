import { bareLoop } from '../../bare-loop.mjs';

/** Prepares a loop with the product's client, batches, concurrency and store, without Temporal, ledger and plan. */
export async function prepare(task) {
  return { whole: (hooks) => bareLoop({ ...task, ...hooks }) };
}

export { STORED } from './ours.mjs';
