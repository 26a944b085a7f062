import { Argument, type Command } from 'commander';
import type { LineTools } from '../line-tools.js';

const HELP = `
Load it:
  bash   echo 'source <(embeddings completion bash)' >> ~/.bashrc
  zsh    echo 'source <(embeddings completion zsh)' >> ~/.zshrc      (after compinit)
  fish   embeddings completion fish > ~/.config/fish/completions/embeddings.fish`;

/** `embeddings completion`. */
export function addCompletion(program: Command, { runWith }: LineTools): void {
  program
    .command('completion')
    .description('print a script that lets the shell complete commands, options and their values')
    .addArgument(new Argument('<shell>', 'which shell').choices(['bash', 'zsh', 'fish']))
    .addHelpText('after', HELP)
    .action(
      runWith(async () => {
        const { printCompletion } = await import('./completion.js');
        return printCompletion(program);
      }),
    );
}
