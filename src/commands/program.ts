import { Command, Option } from 'commander';
import { inert } from '../terminal/inert.js';
import { ownVersion } from '../version.js';

import { addCodecServer } from './codec-server/line.js';
import { addCollections } from './collections/line.js';
import { addCompletion } from './completion/line.js';
import { addControl } from './control/line.js';
import { addDemo } from './demo/line.js';
import { addDuplicates } from './duplicates/line.js';
import { addEval } from './eval/line.js';
import { addExplain } from './explain/line.js';
import { addFailures } from './failures/line.js';
import { addGenerate } from './generate/line.js';
import { addHosts } from './hosts/line.js';
import { addInit } from './init/line.js';
import { addKit } from './kit/line.js';
import { createLineTools } from './line-tools.js';
import { addModel } from './model/line.js';
import { addPages } from './pages/line.js';
import { addScan } from './scan/line.js';
import { addSchedule } from './schedule/line.js';
import { addSearch } from './search/line.js';
import { addServe } from './serve/line.js';
import { addStatus } from './status/line.js';
import { refuseUnknownBeforeDefault } from './unknown-command.js';
import { addUsage } from './usage/line.js';
import { addVerify } from './verify/line.js';

const EXAMPLES = `
Examples:
  embeddings demo                          try it: a demo catalog, a sandbox provider, nothing to pay
  embeddings init                          write .env from a few questions
  embeddings --dry-run --all               what would it cost?
  embeddings --all                         embed everything that is new or has changed
  embeddings --sample-ids 1,5,10-20        these samples only
  embeddings --resume                      go on where it stopped
  embeddings status --watch                look at a run from another terminal
  embeddings search dark moody hip hop     find samples by feel
  embeddings kit "dusty boom bap, 90 bpm"  a kit of samples that go together
  embeddings serve --open                  the same in a browser, with sound
  embeddings usage --by day                what was spent?
  embeddings model build MODEL             another model, while search goes on
  embeddings verify                        is every stored vector as it should be?

Settings come from the environment or .env: OPENROUTER_API_KEY, TURSO_DATABASE_URL, TURSO_AUTH_TOKEN,
DATABASE_URL; without TEMPORAL_ADDRESS the command brings its own Temporal. \`embeddings init\` writes .env from
questions, \`embeddings doctor\` checks it, the README lists all settings.

Exit codes: 0 all well · 1 some samples failed · 2 bad usage or configuration · 3 blocked, paused or
cancelled, work remains · 4 any other error · 130 interrupted`;

/** Commands that use no collection, or that look elsewhere. */
const OF_NONE = new Set(['init', 'demo', 'completion', 'collections', 'codec-server', 'help']);

/** Adds `--collection` to every command that works on one. */
function addCollection(program: Command): void {
  for (const command of program.commands) {
    if (OF_NONE.has(command.name())) continue;
    if (command.commands.length > 0) addCollection(command);
    else command.option('--collection <name>', 'which one of embeddings.config.yaml (EMBEDDINGS_COLLECTION)');
  }
}

/** Builds the command line. Each folder declares its own commands in its `line.ts`. */
export function buildProgram(host: NodeJS.Process, exitWith: (code: number) => void): Command {
  const program = new Command('embeddings');
  program
    .description(
      'Embeds the metadata of audio samples through OpenRouter into a Turso (libSQL) database, durably.',
    )
    .addHelpText('after', EXAMPLES)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void host.stdout.write(text),
      writeErr: (text) => void host.stderr.write(inert(text)),
    })
    .showHelpAfterError('(see embeddings --help)')
    .enablePositionalOptions()
    .version(ownVersion(), '-V, --version', 'print the version');
  refuseUnknownBeforeDefault(program);

  const tools = createLineTools(
    host,
    exitWith,
    () => new Option('--json', 'print JSON on stdout, nothing else'),
  );
  for (const add of [
    addGenerate,
    addStatus,
    addControl,
    addSchedule,
    addFailures,
    addScan,
    addSearch,
    addKit,
    addServe,
    addDuplicates,
    addExplain,
    addPages,
    addVerify,
    addModel,
    addEval,
    addUsage,
    addCollections,
    addInit,
    addHosts,
    addCodecServer,
    addDemo,
    addCompletion,
  ])
    add(program, tools);
  addCollection(program);
  return program;
}
