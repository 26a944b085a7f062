import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { openLibrary } from '../../hosting/open-library.js';
import { createMcpServer, instructionsFor } from '../../mcp/create-server.js';
import { ExitCode } from '../exit-codes.js';
import { HERE, type Site } from '../site.js';
import { untilSignal } from '../until-signal.js';

/** `embeddings mcp`: answers an assistant on stdin and stdout until it ends them. */
export async function mcp(
  host: NodeJS.Process,
  { maxDailyCost }: { maxDailyCost: number },
  site: Site = HERE,
): Promise<number> {
  const signal = untilSignal(host);
  const library = await openLibrary(site.settings(), {
    cap: { nanos: maxDailyCost, setting: '--max-daily-cost' },
    ...(site.makeSound && { makeSound: site.makeSound }),
  });
  try {
    const server = createMcpServer(library, await instructionsFor(library));
    const over = new Promise<void>((resolve) => {
      server.server.onclose = resolve;
      host.stdin.once('end', resolve);
    });
    await server.connect(new StdioServerTransport(host.stdin, host.stdout));
    await Promise.race([over, signal.caught]);
    await server.close();
  } finally {
    await library.close();
    signal.forget();
  }
  return ExitCode.Ok;
}
