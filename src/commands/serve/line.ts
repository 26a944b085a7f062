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
In the page, type a feeling and press arrow down to hear each hit. The same works over HTTP:
/openapi.json describes the API; /mcp is for assistants. SAMPLES_ROOT is the folder of the audio files.

Only this machine can connect, unless --host names another address; then a token is required.

Examples:
  embeddings serve --open
  embeddings serve --port 9000 --allow-origin https://app.example.com
  embeddings serve --host 0.0.0.0 --token "$(openssl rand -hex 16)"`;

/** For commands that stay open and buy queries for any client. */
const maxDailyCost = (): Option =>
  new Option('--max-daily-cost <usd>', 'the most that new queries may cost per day (UTC)')
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
    .option(
      '--token <text>',
      'token that clients must send (default where --host is not loopback: a new one)',
    )
    .option(
      '--allow-origin <origin>',
      'pages of this origin may send requests too; may be repeated',
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
