import { setImmediate as turn } from 'node:timers/promises';
import { CommanderError } from 'commander';
import { Fault } from '../fault.js';
import { inert, inertJson } from '../terminal/inert.js';
import { ExitCode } from './exit-codes.js';
import { surviveOutputErrors } from './lasting-output.js';
import { buildProgram } from './program.js';

/** Commands that only display, and end when the reader of stdout has gone. */
const SHOWS_ONLY = new Set(['status']);

/**
 * Runs one command line (without `node` and the script) and returns its exit code. A Fault is printed on stderr without
 * a stack trace. Other errors are our own mistakes: their stack trace is printed with LOG_LEVEL=debug.
 */
export async function runCommandLine(args: readonly string[], host: NodeJS.Process): Promise<number> {
  const output = surviveOutputErrors(host);
  const json = args.includes('--json');
  const printError = createErrorPrinter(host, json);
  // Node would exit with 1, which here means that some samples failed. Unhandled rejections come here too.
  host.on('uncaughtException', (error) => {
    printError(error);
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
        // commander has printed the error already.
        if (json) host.stdout.write(`${inertJson({ error: error.message.replace(/^error: /, '') })}\n`);
        return ExitCode.Usage;
      }
      printError(error);
      return error instanceof Fault ? ExitCode.Usage : ExitCode.Unexpected;
    },
  );
  // A write error of the last line is reported one turn later.
  await turn();
  return end === ExitCode.Ok && output.lost() !== null ? ExitCode.Unexpected : end;
}

/** Returns a function that prints why the command ended. */
const createErrorPrinter =
  (host: NodeJS.Process, json: boolean) =>
  (error: unknown): void => {
    const message = error instanceof Error ? error.message : String(error);
    for (const line of inert(message).split('\n')) host.stderr.write(`error: ${line}\n`);
    if (json) host.stdout.write(`${inertJson({ error: message })}\n`);
    if (!(error instanceof Fault) && host.env.LOG_LEVEL === 'debug' && error instanceof Error)
      host.stderr.write(`${inert(error.stack ?? '')}\n`);
  };
