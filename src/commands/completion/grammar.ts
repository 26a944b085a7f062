import type { Argument, Command, Option } from 'commander';

/** What a value may be: one of these words, a path, or anything. */
export type Values = readonly string[] | 'file' | 'any';

export interface Flag {
  /** `-h`, `--help`. */
  names: string[];
  description: string;
  /** Null: the option takes no value. */
  values: Values | null;
  /** The next word is always the value, even if it looks like an option. */
  needsValue: boolean;
}

/** One command, with what may follow it. */
export interface Node {
  /** The command's words after the program's name, separated by spaces; '' is the program itself. */
  path: string;
  commands: { name: string; description: string }[];
  flags: Flag[];
  /** What an argument may be; null: the command takes none. */
  values: Values | null;
}

export interface Grammar {
  program: string;
  nodes: Node[];
}

/** Placeholders that mean a path, as in `--out <file>`. */
const PATHS = /^(?:file|folder|path)$/;

/** Returns all that can be typed, from commander's own tree. A default command's options belong to its parent too. */
export const grammarOf = (program: Command): Grammar => ({
  program: program.name(),
  nodes: nodesOf(program, ''),
});

function nodesOf(command: Command, path: string): Node[] {
  const help = command.createHelp();
  const commands = help.visibleCommands(command);
  const named = commands.map((each) => ({ name: each.name(), description: each.description() }));
  const standard = commands.find((each) => each.name() === defaultOf(command));
  const options = [command, ...(standard === undefined ? [] : [standard])].flatMap((each) =>
    help.visibleOptions(each).map(flagOf),
  );
  const node: Node = {
    path,
    commands: named,
    flags: [...new Map(options.map((flag) => [flag.names.join(), flag])).values()],
    values: path === '' ? null : argumentValues(command.registeredArguments),
  };
  const below = commands.flatMap((each) => {
    const at = `${path} ${each.name()}`.trim();
    if (each.name() !== 'help') return nodesOf(each, at);
    // commander adds `help` itself; its argument is the name of a sibling command.
    const names = named.map(({ name }) => name).filter((name) => name !== 'help');
    return [{ path: at, commands: [], flags: [], values: names }];
  });
  return [node, ...below];
}

/** Returns the name of the default command. commander keeps it private and shows it in no help text. */
const defaultOf = (command: Command): string | undefined =>
  (command as unknown as { _defaultCommandName?: string | null })._defaultCommandName ?? undefined;

function argumentValues([first]: readonly Argument[]): Values | null {
  if (first === undefined) return null;
  return first.argChoices ?? (PATHS.test(first.name()) ? 'file' : 'any');
}

function flagOf(option: Option): Flag {
  const takes = option.required || option.optional;
  const placeholder = /[<[]([^>\]]*)/.exec(option.flags)?.[1] ?? '';
  return {
    names: [option.short, option.long].filter((name): name is string => typeof name === 'string'),
    description: option.description,
    values: takes ? (option.argChoices ?? (PATHS.test(placeholder) ? 'file' : 'any')) : null,
    needsValue: option.required,
  };
}
