import {
  ApplicationFailure,
  defineQuery,
  defineSignal,
  defineUpdate,
  setHandler,
} from '@temporalio/workflow';
import { type GoOnOptions, Messages, type ResumeOptions } from '../contract/messages.js';
import type { RunProgress } from '../contract/progress.js';
import { inDollars, uncertainAtDearest } from './budget.js';
import type { Dispatcher } from './dispatcher.js';
import { progressOf } from './progress.js';
import type { Recorder } from './recorder.js';
import type { RunMemory } from './state.js';
import { openWindow } from './window.js';

const progressQuery = defineQuery<RunProgress>(Messages.progress);
const pauseUpdate = defineUpdate<RunProgress>(Messages.pause);
const resumeUpdate = defineUpdate<RunProgress, [ResumeOptions]>(Messages.resume);
const goOnSignal = defineSignal<[GoOnOptions]>(Messages.goOn);
export const planAgainSignal = defineSignal(Messages.planAgain);

const refuse = (message: string): never => {
  throw ApplicationFailure.nonRetryable(message, 'InvalidArgument');
};

/** `mayCost`: nanodollars that the batches under way may cost. */
const checkBudget = (memory: RunMemory, mayCost: number, value: number | null | undefined): void => {
  const { totals, request } = memory;
  if (value === null || value === undefined) return;
  if (!Number.isSafeInteger(value) || value < 0)
    refuse(`the budget must be a whole number of nanodollars, got ${value}`);
  if (value < totals.costNanos)
    refuse(
      `--max-cost is for the whole run, which has cost ${inDollars(totals.costNanos)} USD already: give more than that`,
    );
  const least = totals.costNanos + uncertainAtDearest(memory) + mayCost;
  const lowers = request.maxCostNanos === null || value < request.maxCostNanos;
  if (lowers && mayCost > 0 && value < least)
    refuse(
      `--max-cost is for the whole run, and what is under way may bring its cost to ${inDollars(least)} USD: give at least that, or wait until embeddings pause has taken effect`,
    );
};

/** Registers the handlers for a run's queries, updates and signals. Every update returns the progress after it. */
export function handleMessages(memory: RunMemory, dispatcher: Dispatcher, recorder: Recorder): void {
  const answer = (): RunProgress => {
    memory.events += 1;
    recorder.touch();
    return progressOf(memory, dispatcher);
  };
  setHandler(progressQuery, () => progressOf(memory, dispatcher));
  setHandler(pauseUpdate, () => {
    memory.pausedBy ??= 'paused by a person; go on with: embeddings resume';
    return answer();
  });
  const goOn = (options: ResumeOptions): void => {
    if (options.maxCostNanos !== undefined) memory.request.maxCostNanos = options.maxCostNanos;
    memory.pausedBy = null;
    memory.blockedBy = null;
    memory.window = openWindow(memory.request.concurrency);
    dispatcher.goOn();
  };
  setHandler(
    resumeUpdate,
    (options) => {
      goOn(options);
      return answer();
    },
    { validator: (options) => checkBudget(memory, dispatcher.mayCost(), options.maxCostNanos) },
  );
  setHandler(goOnSignal, (options) => {
    const waits = memory.blockedBy !== null || (memory.pausedBy !== null && options.alsoPaused);
    if (waits || options.maxCostNanos !== undefined) goOn(options);
    memory.events += 1;
  });
  setHandler(planAgainSignal, () => {
    memory.planAgain = true;
    memory.events += 1;
  });
}
