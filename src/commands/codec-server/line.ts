import type { Command } from 'commander';
import type { LineTools } from '../line-tools.js';
import { integerOption } from '../options.js';

const HELP = `
For runs with EMBEDDINGS_CODEC_KEY, which Temporal shows as ciphertext. It listens on
127.0.0.1 alone, and prints the endpoint for the Web UI and the options for \`temporal\`.

Examples:
  embeddings codec-server
  embeddings codec-server --web-ui http://127.0.0.1:8080`;

/** `embeddings codec-server`. */
export function addCodecServer(program: Command, { run }: LineTools): void {
  program
    .command('codec-server')
    .description("decrypt for Temporal's Web UI and CLI the payloads encrypted with EMBEDDINGS_CODEC_KEY")
    .option('--port <n>', 'port of 127.0.0.1, 0 for any free one', integerOption('--port', 0, 65_535), 8234)
    .option(
      '--web-ui <url>',
      'where the Web UI is; may be repeated (default: that of one-command mode, port 8233)',
      (url: string, before: string[] = []) => [...before, url],
    )
    .option('--token <text>', 'token that clients must send (default: one derived from the key)')
    .addHelpText('after', HELP)
    .action(run(async () => (await import('./codec-server.js')).codecServer));
}
