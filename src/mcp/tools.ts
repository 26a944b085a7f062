import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { usageFault } from '../fault.js';
import { hideSecrets } from '../hide-secrets.js';
import { inWordsOf } from '../search/in-words-of.js';
import { findAll, type SampleLibrary } from '../search/library.js';
import { dollarsOf } from '../search/query-vector.js';
import type { SampleHit } from '../search/sample-hit.js';
import type { SearchAnswer } from '../search/search-samples.js';
import { readFilter } from '../search/where.js';
import { exactPath } from '../sound/disk-path.js';
import type { KitLibrary } from '../take/kit-library.js';
import { escapedInJson } from '../terminal/inert.js';
import { failed } from './check-request.js';
import { INPUTS } from './inputs.js';

const sample = z.object({
  id: z.union([z.number(), z.string()]),
  title: z.string().nullable(),
  similarity: z
    .number()
    .nullable()
    .describe('1 − cosine distance; null where it was found by words or conditions alone'),
  duration: z.number().nullable().describe('seconds'),
  path: z.string().nullable().describe('absolute path of the audio file; null: it cannot be had here'),
  fields: z.record(z.string(), z.unknown()).describe('what the catalog says of it'),
});

const answer = {
  samples: z.array(sample),
  empty: z.string().nullable().describe('why nothing was found'),
  cost_usd: z.number().nullable().describe('what the query was bought for; null: nothing was bought'),
};

/** Tools that only read: nothing in the library changes. */
const READS = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false };
/** Tools that also ask the provider for the vector of a new query, and pay for it. */
const READS_AND_BUYS = { ...READS, openWorldHint: true };
const BUYS = 'A query that was never asked before is bought for a fraction of a cent.';

/** Registers the tools that an assistant can call. */
export function addTools(server: McpServer, library: KitLibrary): void {
  server.registerTool(
    'search_samples',
    {
      title: 'Find samples by feel',
      description: `Finds audio samples by what they feel or sound like, best first. Use conditions for what is exact; without a query the samples that fit them are listed by id. ${BUYS}`,
      inputSchema: INPUTS.search_samples,
      outputSchema: answer,
      annotations: READS_AND_BUYS,
    },
    ({ query, where, limit, mode }, { signal }) =>
      resultOf(async () => {
        const filter = readFilter(where, library.collection);
        if (query !== undefined || where.length === 0)
          return found(library, await library.search(query ?? '', { mode, limit, filter, signal }));
        const listed = await library.browse(filter, { after: null, limit, signal });
        return found(library, { ...listed, more: listed.next !== null, bought: null });
      }),
  );
  server.registerTool(
    'similar_samples',
    {
      title: 'Find samples like others',
      description: `Finds samples near some and away from others, best first; they themselves are left out. ${BUYS}`,
      inputSchema: INPUTS.similar_samples,
      outputSchema: answer,
      annotations: READS_AND_BUYS,
    },
    ({ like, unlike, query, where, limit }, { signal }) =>
      resultOf(async () => {
        const examples = {
          query: query ?? null,
          like: await findAll(library, like),
          unlike: await findAll(library, unlike),
        };
        return found(
          library,
          await library.byExample(examples, { limit, filter: readFilter(where, library.collection), signal }),
        );
      }),
  );
  server.registerTool(
    'make_kit',
    {
      title: 'A kit for a sampler',
      description: `Chooses samples that go together, by role (kick, snare, hat, bass …), key and tempo. The same brief and seed give the same kit. ${BUYS}`,
      inputSchema: INPUTS.make_kit,
      outputSchema: {
        pads: z.array(
          z.object({
            pad: z.number(),
            role: z.string().nullable(),
            key: z.string().nullable(),
            bpm: z.number().nullable(),
            why: z.array(z.string()),
            sample,
          }),
        ),
        notes: z.array(z.string()).describe('what is not as it was wished for'),
        cost_usd: answer.cost_usd,
      },
      annotations: READS_AND_BUYS,
    },
    ({ brief, pads, seed }) =>
      resultOf(async () => {
        const kit = await library.kit(brief, { pads, seed });
        return {
          pads: await Promise.all(
            kit.pads.map(async ({ pad, role, hit, key, bpm, why }) => ({
              ...{ pad, role, key, bpm, why },
              sample: await sampleOf(library, hit),
            })),
          ),
          notes: kit.notes,
          cost_usd: dollarsOf(kit.bought),
        };
      }),
  );
  server.registerTool(
    'get_sample',
    {
      title: 'One sample',
      description: 'What the catalog says of one sample now.',
      inputSchema: INPUTS.get_sample,
      outputSchema: { sample },
      annotations: READS,
    },
    ({ id }) =>
      resultOf(async () => {
        const hit = await library.sample(String(id));
        if (hit.gone === true)
          throw usageFault(`sample ${hit.sample_id} is not in the catalog: search for another`);
        return { sample: await sampleOf(library, hit) };
      }),
  );
  server.registerTool(
    'library_status',
    {
      title: 'State of the library',
      description: 'How many samples there are, how many can be found, and how the newest run stands.',
      inputSchema: INPUTS.library_status,
      outputSchema: {
        collection: z.string(),
        model: z.string(),
        generation: z.number(),
        samples: z.number(),
        stored: z.number(),
        failed: z.number(),
        run: z.object({ state: z.string(), reason: z.string().nullable(), updatedAt: z.string() }).nullable(),
        filters: z.array(z.string()),
      },
      annotations: READS,
    },
    () =>
      resultOf(async () => ({
        collection: library.collection.name,
        ...(await library.status()),
        model: library.generation().recipe.model,
        generation: library.generation().number,
        filters: [...library.collection.filters],
      })),
  );
  server.registerTool(
    'usage',
    {
      title: 'What it cost',
      description: 'What embedding the library and searching it have cost, in US dollars, by the ledger.',
      inputSchema: INPUTS.usage,
      outputSchema: {
        total_usd: z.number().nullable(),
        requests: z.number(),
        tokens: z.number(),
        searches_today: z.number(),
        searches_today_usd: z.number(),
      },
      annotations: READS,
    },
    () =>
      resultOf(async () => {
        const { allNanos, requests, tokens, searchesToday } = await library.spending();
        return {
          ...{ total_usd: allNanos === null ? null : usd(allNanos), requests, tokens },
          searches_today: searchesToday.requests,
          searches_today_usd: usd(searchesToday.costNanos),
        };
      }),
  );
}

const usd = (nanos: bigint): number => Number(nanos) / 1e9;

const found = async (library: SampleLibrary, { hits, empty, bought }: SearchAnswer) => ({
  samples: await Promise.all(hits.map((hit) => sampleOf(library, hit))),
  empty: empty && inWordsOf('assistant', empty),
  cost_usd: dollarsOf(bought),
});

async function sampleOf(
  library: SampleLibrary,
  { sample_id, title, similarity, duration, path, fields = {} }: SampleHit,
) {
  const file = await library.file(path);
  return {
    ...{ id: sample_id, title, similarity, duration },
    path: file.kind === 'file' ? exactPath(file.path) : null,
    fields: Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)),
  };
}

/** Returns the answer as JSON, in both of the protocol's forms. An error that a person can cure is an answer too. */
async function resultOf(work: () => Promise<Record<string, unknown>>): Promise<CallToolResult> {
  try {
    const structuredContent = JSON.parse(JSON.stringify(await work())) as Record<string, unknown>;
    return {
      structuredContent,
      content: [{ type: 'text', text: escapedInJson(JSON.stringify(structuredContent)) }],
    };
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return failed(inWordsOf('assistant', hideSecrets(words)));
  }
}
