import type { Command, Option } from 'commander';
import { checkOpenFiles } from './open-files.js';
import type { Site } from './site.js';
import { tracedCommand } from './traced-command.js';

type Action = (host: NodeJS.Process, options: never, site?: Site) => Promise<number>;

/** What is there while an action runs; the options are the action's own. Default: nothing but here. */
export type Around = (options: object, act: (site?: Site) => Promise<number>) => Promise<number>;

/** What each room's `line.ts` gets to declare its commands with. */
export interface LineTools {
  /** An action that is imported when it is called, so that --help loads next to nothing. */
  run(load: () => Promise<unknown>): (options: object, command: Command) => Promise<void>;
  /** The same for a command with one argument: the action gets it as `options.argument`. */
  runWith(
    load: () => Promise<unknown>,
  ): (argument: string, options: object, command: Command) => Promise<void>;
  /** `--json`, worded the same everywhere. */
  json(): Option;
  /** The same tools for commands that are to run somewhere else. */
  elsewhere(around: Around): LineTools;
}

/** The tools for one process; `exitWith` takes the exit code of the action that ran. */
export function createLineTools(
  host: NodeJS.Process,
  exitWith: (code: number) => void,
  json: () => Option,
  around: Around = (_, act) => act(),
): LineTools {
  const act = async (load: () => Promise<unknown>, options: object, command: Command): Promise<void> => {
    checkOpenFiles();
    const { collection, ...own } = options as { collection?: string };
    // One place to choose it, for settings that are read anywhere.
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

/** `['schedule', 'create']` of `embeddings schedule create`. */
function namesOf(command: Command): string[] {
  const { parent } = command;
  return parent === null ? [] : [...namesOf(parent), command.name()];
}
