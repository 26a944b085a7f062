import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { SampleLibrary } from '../search/library.js';
import type { KitLibrary } from '../take/kit-library.js';
import { ownVersion } from '../version.js';
import { checkedTransport } from './checked-transport.js';
import { addTools } from './tools.js';

/**
 * Creates a server for one assistant over an open library, and connects it. `instructions`: from instructionsFor.
 * Messages of the transport must have passed readMessage.
 */
export async function connectServer(
  transport: Transport,
  library: KitLibrary,
  instructions: string,
): Promise<McpServer> {
  const server = new McpServer(
    { name: 'sample-embeddings', title: 'Audio samples by feel', version: ownVersion() },
    { instructions },
  );
  addTools(server, library);
  await server.connect(checkedTransport(transport));
  return server;
}

const count = (number: number): string => number.toLocaleString('en');

/** Returns what an assistant is told at the start, from the library's present state. */
export async function instructionsFor({ collection, status }: SampleLibrary): Promise<string> {
  const { samples, stored, run } = await status();
  const missing = Math.max(0, samples - stored);
  return [
    `This is a library of ${count(samples)} audio samples; ${count(stored)} of them can be found by what they feel or sound like ("dark moody hip hop", "dusty drum loop"), in any language.`,
    ...(missing > 0
      ? [
          `${count(missing)} are not embedded yet and are not found; a person embeds them with: embeddings --all`,
        ]
      : []),
    ...(run !== null && /^(planning|running|throttled|paused|blocked)$/.test(run.state)
      ? [`A run is ${run.state}, so more may be found soon.`]
      : []),
    `search_samples takes a feeling and conditions on these columns: ${collection.filters.join(', ')}. A condition is a value, like genre=techno, or a range of numbers, like bpm=80-95.`,
    'make_kit fills the pads of a sampler from a brief like "dusty boom bap, 90 bpm, A minor", with samples that go together in tempo and key.',
    'similar_samples finds what lies near samples that are known by id. Put what is exact (tempo, key, genre) into conditions and what is a feeling into the query.',
    collection.file === null
      ? 'This library names no audio files.'
      : 'Results name the audio file of each sample, which a music program can load.',
    'A query that was never asked before is bought for a fraction of a cent; the answer says so.',
  ].join('\n');
}
