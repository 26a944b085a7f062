import { Command } from 'commander';

/**
 * Refuses a word that is not a command, and suggests the nearest one. commander does so only if no command is the
 * default; with a default command it would take the word as that command's argument, or report a wrong option first.
 */
export function refuseUnknown(parent: Command, word: string): void {
  const strict = new Command(parent.name()).copyInheritedSettings(parent);
  for (const command of parent.commands) strict.command(command.name());
  strict.parse([word], { from: 'user' });
}

/** Makes the default command of `parent` run for options only, never for a word. */
export function refuseUnknownBeforeDefault(parent: Command): void {
  parent.hook('preSubcommand', ({ args: [first] }, chosen) => {
    if (first !== undefined && !first.startsWith('-') && first !== chosen.name())
      if (!parent.commands.some((command) => command.name() === first)) refuseUnknown(parent, first);
  });
}
