import type { Option } from 'commander';
import { checkOpenFiles } from './open-files.js';

type Action = (host: NodeJS.Process, options: never) => Promise<number>;

/** What each room's `line.ts` gets to declare its commands with. */
export interface LineTools {
  /** An action that is imported when it is called, so that --help loads next to nothing. */
  run(load: () => Promise<unknown>): (options: object) => Promise<void>;
  /** The same for a command with one argument: the action gets it as `options.argument`. */
  runWith(load: () => Promise<unknown>): (argument: string, options: object) => Promise<void>;
  /** `--json`, worded the same everywhere. */
  json(): Option;
}

/** The tools for one process; `exitWith` takes the exit code of the action that ran. */
export function createLineTools(
  host: NodeJS.Process,
  exitWith: (code: number) => void,
  json: () => Option,
): LineTools {
  const act = async (load: () => Promise<unknown>, options: object): Promise<void> => {
    checkOpenFiles();
    const action = (await load()) as Action;
    exitWith(await action(host, options as never));
  };
  return {
    json,
    run: (load) => (options) => act(load, options),
    runWith: (load) => (argument, options) => act(load, { ...options, argument }),
  };
}
