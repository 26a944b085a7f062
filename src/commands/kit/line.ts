import type { Command } from 'commander';
import type { LineTools } from '../line-tools.js';
import { integerOption } from '../options.js';
import { addTakeOptions } from '../take/options.js';

const HELP = `
Tempo and key are read from the text; the rest of it is the feel. Each pad gets a sample whose
title, tags or folder name what the pad is for. Melodic samples have compatible keys (the same,
the relative major or minor, a fifth above or below), loops have compatible tempos (within 3 %,
half and double time too). No two are near-duplicates. The same library, text and --seed give the
same kit. The feel is one query: it is bought once, then kept.

Examples:
  embeddings kit "dusty boom bap, 90 bpm, A minor"
  embeddings kit "dark techno, 130 bpm" --pads 8 --seed 2
  embeddings kit "warm lo-fi in C" --pads 32 --to /media/card --bank 16 --max-seconds 30`;

/** `embeddings kit`. */
export function addKit(program: Command, { runWith, json }: LineTools): void {
  const command = program
    .command('kit')
    .description('choose samples that go together: kick, snare, hats … bass, chords, melody')
    .argument('<text...>', 'what it feels like, with tempo and key', joined)
    .option('--pads <n>', 'samples at most', integerOption('--pads', 1, 128), 16)
    .option('--seed <n>', 'another seed, another kit', integerOption('--seed', 0, 2 ** 31 - 1), 1)
    .option('--dry-run', 'only show it, write nothing');
  addTakeOptions(command)
    .addOption(json())
    .addHelpText('after', HELP)
    .action(runWith(async () => (await import('./kit.js')).kit));
}

const joined = (word: string, before?: string): string => (before === undefined ? word : `${before} ${word}`);
