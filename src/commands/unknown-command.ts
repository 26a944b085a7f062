import { Command } from 'commander';

/**
 * Refuses a word that is no command, with the command that it may be meant for. commander does so by itself only where
 * no command is the default; here it would call the word an argument of that one, or complain of an option first.
 */
export function refuseUnknown(parent: Command, word: string): void {
  const strict = new Command(parent.name()).copyInheritedSettings(parent);
  for (const command of parent.commands) strict.command(command.name());
  strict.parse([word], { from: 'user' });
}

/** Lets the default command of `parent` be meant by options alone, never by a word. */
export function onlyOptionsMeanTheDefault(parent: Command): void {
  parent.hook('preSubcommand', ({ args: [first] }, chosen) => {
    if (first !== undefined && !first.startsWith('-') && first !== chosen.name())
      if (!parent.commands.some((command) => command.name() === first)) refuseUnknown(parent, first);
  });
}
