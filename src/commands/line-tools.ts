import type { Command, Option } from 'commander';
import { checkOpenFiles } from './open-files.js';
import type { Site } from './site.js';
import { tracedCommand } from './traced-command.js';

type Action = (host: NodeJS.Process, options: never, site?: Site) => Promise<number>;

/** Runs an action, on another Site if needed; `options` are the action's own. Default: only calls the action. */
export type Around = (options: object, act: (site?: Site) => Promise<number>) => Promise<number>;

/** What each folder's `line.ts` needs to declare its commands. */
export interface LineTools {
  /** Wraps an action that is imported only when it runs, so that --help loads almost nothing. */
  run(load: () => Promise<unknown>): (options: object, command: Command) => Promise<void>;
  /** The same for a command with one argument, which the action gets as `options.argument`. */
  runWith(
    load: () => Promise<unknown>,
  ): (argument: string, options: object, command: Command) => Promise<void>;
  /** Returns the option `--json`, with the same help text everywhere. */
  json(): Option;
  /** Returns the same tools for commands that run on another Site. */
  elsewhere(around: Around): LineTools;
}

/** Creates the tools for one process; `exitWith` gets the action's exit code. */
export function createLineTools(
  host: NodeJS.Process,
  exitWith: (code: number) => void,
  json: () => Option,
  around: Around = (_, act) => act(),
): LineTools {
  const act = async (load: () => Promise<unknown>, options: object, command: Command): Promise<void> => {
    checkOpenFiles();
    const { collection, ...own } = options as { collection?: string };
    // The variable is set once here, since settings are read in many places.
    if (collection !== undefined) host.env.EMBEDDINGS_COLLECTION = collection;
    const code = await tracedCommand(host, namesOf(command), async () => {
      const action = (await load()) as Action;
      return around(own, (site) => action(host, own as never, site));
    });
    exitWith(code);
  };
  return {
    json,
    elsewhere: (there) => createLineTools(host, exitWith, json, there),
    run: (load) => (options, command) => act(load, options, command),
    runWith: (load) => (argument, options, command) => act(load, { ...options, argument }, command),
  };
}

/** Returns `['schedule', 'create']` for `embeddings schedule create`. */
function namesOf(command: Command): string[] {
  const { parent } = command;
  return parent === null ? [] : [...namesOf(parent), command.name()];
}
