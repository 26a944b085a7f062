#!/usr/bin/env node
/** The worker's entry, the same as `embeddings worker`: wiring only. */
import { runCommandLine } from './commands/run-command-line.js';

process.exitCode = await runCommandLine(['worker', ...process.argv.slice(2)], process);
