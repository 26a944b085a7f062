import { bareLoop } from '../../bare-loop.mjs';

/** The same client, batches, concurrency and store as the product's, but no Temporal, no ledger and no plan. */
export async function prepare(task) {
  return { whole: (hooks) => bareLoop({ ...task, ...hooks }) };
}

export { STORED } from './ours.mjs';
