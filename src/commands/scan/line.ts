import type { Command } from 'commander';
import type { LineTools } from '../line-tools.js';

/** `embeddings scan`. */
export function addScan(program: Command, { run, json }: LineTools): void {
  program
    .command('scan')
    .description('read new files in a folder of audio files, and show what was recognized; nothing is sent')
    .addOption(json())
    .action(run(async () => (await import('./scan.js')).scan));
}
