#!/usr/bin/env node
/** The CLI's entry: wiring only. Every command loads what it needs when it is called. */
import { readFileSync } from 'node:fs';
import { machineFault } from './check-machine.mjs';

const fault = machineFault(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')));
if (fault === null) {
  // Imported only now: an older Node could not even parse it.
  const { runCommandLine } = await import('./commands/run-command-line.js');
  process.exitCode = await runCommandLine(process.argv.slice(2), process);
} else {
  process.stderr.write(`error: ${fault}\n`);
  process.exitCode = 2;
}
