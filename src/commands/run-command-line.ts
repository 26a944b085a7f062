import { setImmediate as turn } from 'node:timers/promises';
import { CommanderError } from 'commander';
import { Fault } from '../fault.js';
import { inert, inertJson } from '../terminal/inert.js';
import { ExitCode } from './exit-codes.js';
import { outliveOutput } from './lasting-output.js';
import { buildProgram } from './program.js';

/** Commands that do nothing but show, for as long as somebody looks. */
const SHOWS_ONLY = new Set(['status']);

/**
 * Runs one command line (without `node` and the script) and gives its exit code. Faults become one clear sentence on
 * stderr; a stack trace is for our own mistakes alone, and only with LOG_LEVEL=debug.
 */
export async function runCommandLine(args: readonly string[], host: NodeJS.Process): Promise<number> {
  const output = outliveOutput(host);
  const json = args.includes('--json');
  const tell = createTeller(host, json);
  // Node would end with 1, which says that some samples failed. Rejections that nobody handles come here too.
  host.on('uncaughtException', (error) => {
    tell(error);
    host.exit(ExitCode.Unexpected);
  });
  let exitCode: number = ExitCode.Ok;
  const program = buildProgram(host, (code) => {
    exitCode = code;
  });
  program.hook('preAction', (_, command) => {
    if (SHOWS_ONLY.has(command.name()))
      output.readerLeft.addEventListener('abort', () => host.exit(ExitCode.Ok));
  });
  const end = await program.parseAsync([...args], { from: 'user' }).then(
    () => exitCode,
    (error: unknown) => {
      if (error instanceof CommanderError) {
        if (error.exitCode === 0) return ExitCode.Ok;
        // commander has told a person already.
        if (json) host.stdout.write(`${inertJson({ error: error.message.replace(/^error: /, '') })}\n`);
        return ExitCode.Usage;
      }
      tell(error);
      return error instanceof Fault ? ExitCode.Usage : ExitCode.Unexpected;
    },
  );
  // The error of a last line comes a turn later.
  await turn();
  return end === ExitCode.Ok && output.lost() !== null ? ExitCode.Unexpected : end;
}

/** Says what ended the command. */
const createTeller =
  (host: NodeJS.Process, json: boolean) =>
  (error: unknown): void => {
    const message = error instanceof Error ? error.message : String(error);
    for (const line of inert(message).split('\n')) host.stderr.write(`error: ${line}\n`);
    if (json) host.stdout.write(`${inertJson({ error: message })}\n`);
    if (!(error instanceof Fault) && host.env.LOG_LEVEL === 'debug' && error instanceof Error)
      host.stderr.write(`${inert(error.stack ?? '')}\n`);
  };
