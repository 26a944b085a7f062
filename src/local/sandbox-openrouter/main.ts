/** The sandbox as a process: `main.js [--port N] [--key KEY] [--latency MS] [--vectors cheap] [--tokens estimate] [--bill FILE]`. */
import { parseArgs } from 'node:util';
import { startSandbox } from './index.js';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    latency: { type: 'string', default: '0' },
    vectors: { type: 'string', default: 'lexical' },
    tokens: { type: 'string', default: 'exact' },
    bill: { type: 'string' },
    key: { type: 'string' },
  },
});
const sandbox = await startSandbox({
  port: Number(values.port),
  latencyMs: Number(values.latency),
  vectors: values.vectors === 'cheap' ? 'cheap' : 'lexical',
  tokens: values.tokens === 'estimate' ? 'estimate' : 'exact',
  ...(values.key !== undefined && { key: values.key }),
  ...(values.bill !== undefined && { billFile: values.bill }),
});
process.stdout.write(`${JSON.stringify({ baseUrl: sandbox.baseUrl })}\n`);
// It lives as long as who started it.
process.stdin.resume().on('close', () => process.exit(0));
