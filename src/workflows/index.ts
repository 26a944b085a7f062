/** Every workflow of the product; the worker registers them. */
export { embedSamples } from './embed-samples.js';
export { runOnSchedule } from './run-on-schedule.js';
