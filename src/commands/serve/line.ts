import { type Command, Option } from 'commander';
import type { LineTools } from '../line-tools.js';
import { integerOption, usdOption } from '../options.js';

const MCP_HELP = `
An assistant starts it by itself, from a line in its settings:
  { "command": "embeddings", "args": ["mcp"], "cwd": "the folder with your .env" }
The same is at /mcp of embeddings serve.`;

/** 10 cents: enough for more than a million new queries at a usual price. */
export const DAILY_NANOS = 100_000_000;

const HELP = `
The page: type a feeling, arrow down, and each hit sounds. The same over HTTP: /openapi.json
describes the API; /mcp is for assistants. SAMPLES_ROOT says where the audio files lie.

Only this machine can ask, unless --host names another address; then a token is wanted.

Examples:
  embeddings serve --open
  embeddings serve --port 9000 --allow-origin https://app.example.com
  embeddings serve --host 0.0.0.0 --token "$(openssl rand -hex 16)"`;

/** For commands that stay open and buy queries for any client. */
const maxDailyCost = (): Option =>
  new Option('--max-daily-cost <usd>', 'what new queries may cost in a day (UTC)')
    .argParser(usdOption('--max-daily-cost'))
    .default(DAILY_NANOS, '0.10');

/** `embeddings serve` and `embeddings mcp`. */
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
    .addOption(maxDailyCost())
    .addHelpText('after', HELP)
    .action(run(async () => (await import('./serve.js')).serve));
  program
    .command('mcp')
    .description('search for an assistant, by the Model Context Protocol on stdin and stdout')
    .addOption(maxDailyCost())
    .addHelpText('after', MCP_HELP)
    .action(run(async () => (await import('./mcp.js')).mcp));
}
