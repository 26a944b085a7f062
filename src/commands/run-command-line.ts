import { CommanderError } from 'commander';
import { Fault } from '../fault.js';
import { inert, inertJson } from '../terminal/inert.js';
import { ExitCode } from './exit-codes.js';
import { buildProgram } from './program.js';

/**
 * Runs one command line (without `node` and the script) and gives its exit code. Faults become one clear sentence on
 * stderr; a stack trace is for our own mistakes alone, and only with LOG_LEVEL=debug.
 */
export async function runCommandLine(args: readonly string[], host: NodeJS.Process): Promise<number> {
  quietPipes(host);
  const json = args.includes('--json');
  let exitCode: number = ExitCode.Ok;
  const program = buildProgram(host, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.Ok : ExitCode.Usage;
    const message = error instanceof Error ? error.message : String(error);
    for (const line of inert(message).split('\n')) host.stderr.write(`error: ${line}\n`);
    if (json) host.stdout.write(`${inertJson({ error: message })}\n`);
    if (error instanceof Fault) return ExitCode.Usage;
    if (host.env.LOG_LEVEL === 'debug' && error instanceof Error)
      host.stderr.write(`${inert(error.stack ?? '')}\n`);
    return ExitCode.SomeFailed;
  }
}

/** `| head` closes the pipe: that is no error of ours. */
function quietPipes(host: NodeJS.Process): void {
  for (const stream of [host.stdout, host.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      host.exit(ExitCode.Ok);
    });
}
