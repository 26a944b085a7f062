import { describe, expect, it } from 'vitest';
import { FailureType } from '../../src/contract/failure.js';
import { createOpenRouter } from '../../src/providers/openrouter.js';

const { Blocked, InvalidResponse } = FailureType;

/** A server that answers with a page as often as `pages` says, and then as it should. */
function serverOf(pages: number, baseUrl = 'http://127.0.0.1:1') {
  let left = pages;
  const fetch = async (_url: unknown, init?: RequestInit): Promise<Response> => {
    if (left-- > 0)
      return new Response('<!doctype html><title>It works!</title>', {
        headers: { 'content-type': 'text/html' },
      });
    const { input } = JSON.parse(String(init?.body)) as { input: string[] };
    return Response.json({ data: input.map((_, index) => ({ index, embedding: [1, 2] })) });
  };
  const provider = createOpenRouter({ apiKey: 'sk-x', baseUrl, fetch: fetch as typeof globalThis.fetch });
  return {
    again: (count: number) => {
      left = count;
    },
    embed: (text: string, fresh = false) =>
      provider.embed({ model: 'm', dimensions: 2, texts: [text], subject: 'sample 1', fresh }),
  };
}

describe('a page in the place of an answer', () => {
  it('names the setting, and blocks when the same request meets it again; it may have been billed', async () => {
    const { embed } = serverOf(Number.POSITIVE_INFINITY);
    await expect(embed('a')).rejects.toMatchObject({
      type: InvalidResponse,
      billed: 'maybe',
      message: expect.stringContaining('try OPENROUTER_BASE_URL=http://127.0.0.1:1/v1'),
    });
    // Sent at the same time as the first, for all that anybody knows.
    await expect(embed('b')).rejects.toMatchObject({ type: InvalidResponse });
    await expect(embed('a')).rejects.toMatchObject({ type: Blocked, billed: 'maybe' });
  });

  it('blocks a neutral text after another', async () => {
    const { embed } = serverOf(Number.POSITIVE_INFINITY, 'http://127.0.0.1:1/v1');
    await expect(embed('a')).rejects.toMatchObject({ type: InvalidResponse });
    await expect(embed('neutral', true)).rejects.toMatchObject({
      type: Blocked,
      message: expect.not.stringContaining('try OPENROUTER'),
    });
  });

  it('passes where the provider has answered before', async () => {
    const server = serverOf(1);
    await expect(server.embed('a')).rejects.toMatchObject({ type: InvalidResponse });
    await server.embed('a');
    server.again(2);
    await expect(server.embed('b')).rejects.toMatchObject({ type: InvalidResponse });
    await expect(server.embed('b')).rejects.toMatchObject({ type: InvalidResponse });
    await server.embed('b');
  });
});
