import { openLibrary } from '../../hosting/open-library.js';
import { connectServer, instructionsFor } from '../../mcp/create-server.js';
import { ExitCode } from '../exit-codes.js';
import { HERE, type Site } from '../site.js';
import { untilSignal } from '../until-signal.js';
import { LineTransport } from './line-transport.js';
import { unavailableFeatures } from './unavailable-features.js';

/** `embeddings mcp`: answers an assistant on stdin and stdout. Ends when stdin has ended and all is answered, or stdout is closed. */
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
    const lines = new LineTransport(host.stdin, host.stdout);
    const server = await connectServer(lines, library, instructions);
    const readerLeft = new Promise<void>((resolve) => {
      host.stdout.once('error', () => resolve());
      host.stdout.once('close', resolve);
    });
    await Promise.race([lines.readAll(), readerLeft, signal.caught]);
    await server.close();
  } finally {
    await library.close();
    signal.forget();
  }
  return ExitCode.Ok;
}
