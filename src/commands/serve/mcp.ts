import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { hideSecrets } from '../../hide-secrets.js';
import { openLibrary } from '../../hosting/open-library.js';
import { createMcpServer, instructionsFor } from '../../mcp/create-server.js';
import { ExitCode } from '../exit-codes.js';
import { HERE, type Site } from '../site.js';
import { untilSignal } from '../until-signal.js';
import { unavailableFeatures } from './unavailable-features.js';

/** `embeddings mcp`: answers an assistant on stdin and stdout until these are closed. */
export async function mcp(
  host: NodeJS.Process,
  { maxDailyCost }: { maxDailyCost: number },
  site: Site = HERE,
): Promise<number> {
  const signal = untilSignal(host);
  const settings = site.settings();
  const library = await openLibrary(settings, {
    cap: { nanos: maxDailyCost, setting: '--max-daily-cost' },
    ...(site.makeSound && { makeSound: site.makeSound }),
  });
  try {
    const missing = await unavailableFeatures(settings, library);
    for (const sentence of missing) host.stderr.write(`${sentence}\n`);
    const instructions = [await instructionsFor(library), ...missing].join('\n');
    const server = createMcpServer(library, instructions);
    const over = new Promise<void>((resolve) => {
      server.server.onclose = resolve;
      host.stdin.once('end', resolve);
      // The reader of stdout has gone.
      host.stdout.once('error', () => resolve());
      host.stdout.once('close', resolve);
    });
    server.server.onerror = (error) => {
      const code = codeOf(error);
      if (code !== null) host.stdout.write(`${JSON.stringify(unread(code, error))}\n`);
    };
    await server.connect(new StdioServerTransport(host.stdin, host.stdout));
    await Promise.race([over, signal.caught]);
    await server.close();
  } finally {
    await library.close();
    signal.forget();
  }
  return ExitCode.Ok;
}

/** Returns the JSON-RPC error code: the line is not JSON, or not a message; null: an error of a valid message. */
const codeOf = (error: Error): number | null =>
  error instanceof SyntaxError ? -32_700 : error.name === 'ZodError' ? -32_600 : null;

/** Returns the answer to a line that could not be read, so its id is unknown. */
const unread = (code: number, error: Error) => ({
  jsonrpc: '2.0',
  id: null,
  error: {
    code,
    message:
      code === -32_700
        ? `the line is no JSON: ${hideSecrets(error.message)}`
        : 'the line is no JSON-RPC message',
  },
});
