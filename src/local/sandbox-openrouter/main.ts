/** The sandbox as a process: `main.js [--port N] [--key KEY] [--management-key KEY] [--requests-per-minute N] [--tokens-per-minute N] [--latency MS] [--vectors cheap] [--tokens estimate] [--model ID]… [--bill FILE] [--no-cache]`. */
import { parseArgs } from 'node:util';
import { startSandbox } from './index.js';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    latency: { type: 'string', default: '0' },
    vectors: { type: 'string', default: 'lexical' },
    tokens: { type: 'string', default: 'exact' },
    bill: { type: 'string' },
    model: { type: 'string', multiple: true },
    key: { type: 'string' },
    'management-key': { type: 'string' },
    'requests-per-minute': { type: 'string' },
    'tokens-per-minute': { type: 'string' },
    'no-cache': { type: 'boolean', default: false },
  },
});
const limit = {
  ...(values['requests-per-minute'] !== undefined && {
    requestsPerMinute: Number(values['requests-per-minute']),
  }),
  ...(values['tokens-per-minute'] !== undefined && { tokensPerMinute: Number(values['tokens-per-minute']) }),
};
const sandbox = await startSandbox({
  port: Number(values.port),
  latencyMs: Number(values.latency),
  vectors: values.vectors === 'cheap' ? 'cheap' : 'lexical',
  tokens: values.tokens === 'estimate' ? 'estimate' : 'exact',
  ...(Object.keys(limit).length > 0 && { limit: { ...limit, holdsSeconds: 1 } }),
  responseCache: !values['no-cache'],
  ...(values.model !== undefined && { models: values.model }),
  ...(values.key !== undefined && { key: values.key }),
  ...(values['management-key'] !== undefined && { managementKey: values['management-key'] }),
  ...(values.bill !== undefined && { billFile: values.bill }),
});
process.stdout.write(`${JSON.stringify({ baseUrl: sandbox.baseUrl })}\n`);
// The process ends when its parent closes stdin.
process.stdin.resume().on('close', () => process.exit(0));
