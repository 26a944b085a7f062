import type { Command } from 'commander';
import type { LineTools } from '../line-tools.js';
import { integerOption } from '../options.js';

const HELP = `
The page: type a feeling, arrow down, and each hit sounds. The same over HTTP: /openapi.json
describes the API; /mcp is for assistants. SAMPLES_ROOT says where the audio files lie.

Only this machine can ask, unless --host names another address; then a token is wanted.

Examples:
  embeddings serve --open
  embeddings serve --port 9000 --allow-origin https://app.example.com
  embeddings serve --host 0.0.0.0 --token "$(openssl rand -hex 16)"`;

/** `embeddings serve`. */
export function addServe(program: Command, { run }: LineTools): void {
  program
    .command('serve')
    .description('search, hear and collect samples in a browser; the same as an HTTP API')
    .option('--open', 'open the browser')
    .option('--port <n>', 'port, 0 for any free one', integerOption('--port', 0, 65_535), 8787)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--token <text>', 'what others must send (default where --host is not loopback: one is made)')
    .option(
      '--allow-origin <origin>',
      'pages of this origin may ask too; may be repeated',
      (origin: string, before: string[] = []) => [...before, origin],
    )
    .addHelpText('after', HELP)
    .action(run(async () => (await import('./serve.js')).serve));
}
