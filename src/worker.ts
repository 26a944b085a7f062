#!/usr/bin/env node
/** The worker's entry, the same as `embeddings worker`: wiring only. */
process.argv.splice(2, 0, 'worker');
await import('./client.js');
