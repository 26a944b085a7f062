#!/usr/bin/env node
/** The CLI's entry: wiring only. Every command loads what it needs when it is called. */
import { runCommandLine } from './commands/run-command-line.js';

process.exitCode = await runCommandLine(process.argv.slice(2), process);
