/** What the worker registers: every workflow of the product. */
export { embedSamples } from './embed-samples.js';
export { runOnSchedule } from './run-on-schedule.js';
