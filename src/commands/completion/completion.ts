import type { Command } from 'commander';
import { ExitCode } from '../exit-codes.js';
import { bashScript } from './bash.js';
import { fishScript } from './fish.js';
import { type Grammar, grammarOf } from './grammar.js';
import { zshScript } from './zsh.js';

const SCRIPTS: Record<string, (grammar: Grammar) => string> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

/**
 * The action of `embeddings completion`. The script is static: @bomb.sh/tab would start Node at each Tab. It also
 * completes files and the options of a default command, which @bomb.sh/tab does not.
 */
export const printCompletion =
  (program: Command) =>
  async (host: NodeJS.Process, { argument }: { argument: string }): Promise<number> => {
    host.stdout.write(SCRIPTS[argument]?.(grammarOf(program)) ?? '');
    return ExitCode.Ok;
  };
