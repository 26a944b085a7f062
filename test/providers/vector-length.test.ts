import { describe, expect, it } from 'vitest';
import { FailureType } from '../../src/contract/failure.js';
import { createOpenRouter } from '../../src/providers/openrouter.js';

const MODEL = 'all-MiniLM-L6-v2';

/** A server with vectors of `length` numbers; `refusal`: its answer to whoever sends `dimensions`. */
function serverOf(length: number, refusal?: { status: number; body: unknown }) {
  const bodies: { input: string[]; dimensions?: number }[] = [];
  const fetch = async (_url: unknown, init?: RequestInit): Promise<Response> => {
    const body = JSON.parse(String(init?.body));
    bodies.push(body);
    if (refusal !== undefined && 'dimensions' in body)
      return Response.json(refusal.body, { status: refusal.status });
    const embedding = Array.from({ length }, (_, at) => at + 1);
    return Response.json({ data: body.input.map((_: string, index: number) => ({ index, embedding })) });
  };
  const provider = createOpenRouter({
    apiKey: 'sk-x',
    baseUrl: 'http://127.0.0.1:1/v1',
    fetch: fetch as typeof globalThis.fetch,
  });
  const embed = (text: string, dimensions = 384) =>
    provider.embed({ model: MODEL, dimensions, texts: [text], subject: 'sample 1' });
  return { bodies, embed };
}

describe('a model that may not be told how long its vectors are', () => {
  it.each([
    [
      'vLLM',
      400,
      { object: 'error', message: `Model "${MODEL}" does not support matryoshka representation` },
    ],
    ['OpenAI', 400, { error: { message: 'This model does not support specifying dimensions.' } }],
    ['FastAPI', 422, { detail: [{ loc: ['body', 'dimensions'], msg: 'Extra inputs are not permitted' }] }],
    ['others', 400, { error: 'unknown parameter: dimensions' }],
  ])('as %s says it: is asked again without, and never told after that', async (_who, status, body) => {
    const { bodies, embed } = serverOf(384, { status, body });
    // Those that are under way when the first is refused learn it too.
    await Promise.all([embed('a'), embed('b')]);
    expect(bodies.map((each) => 'dimensions' in each)).toEqual([true, true, false, false]);
    expect((await embed('c')).vectors[0]).toHaveLength(4 * 384);
    expect(bodies.slice(4)).toEqual([expect.not.objectContaining({ dimensions: 384 })]);
  });

  it('and gives another length is named with the cure at the first answer', async () => {
    const { embed } = serverOf(768, {
      status: 400,
      body: { error: { message: 'dimensions not supported' } },
    });
    await expect(embed('a')).rejects.toMatchObject({
      type: FailureType.Blocked,
      billed: 'maybe',
      message: expect.stringMatching(
        /gives vectors of 768 numbers, not of 384: set EMBEDDING_DIMENSIONS=768/,
      ),
    });
  });

  it.each([
    'dimensions must be at most 1536',
    'cannot embed a text about new dimensions',
    'input is not supported',
  ])('is not seen in: %s', async (message) => {
    const { bodies, embed } = serverOf(384, { status: 400, body: { error: { message } } });
    await expect(embed('a')).rejects.toMatchObject({ type: FailureType.Rejected });
    expect(bodies).toHaveLength(1);
  });
});

describe('a server that pays no heed to dimensions', () => {
  it('is asked once more, and then named with the cure', async () => {
    const { embed } = serverOf(384);
    await expect(embed('a', 1536)).rejects.toMatchObject({ type: FailureType.InvalidResponse });
    await expect(embed('a', 1536)).rejects.toMatchObject({
      type: FailureType.Blocked,
      message: expect.stringMatching(
        /set EMBEDDING_DIMENSIONS=384, or .* --dimensions 384, after embeddings cancel/,
      ),
    });
  });

  it('but has given the right length before has stumbled: worth trying again', async () => {
    const lengths = [384, 383, 383];
    const fetch = async (): Promise<Response> => {
      const embedding = Array.from({ length: lengths.shift() ?? 384 }, (_, at) => at + 1);
      return Response.json({ data: [{ index: 0, embedding }] });
    };
    const provider = createOpenRouter({
      apiKey: null,
      baseUrl: 'http://127.0.0.1:1/v1',
      fetch: fetch as typeof globalThis.fetch,
    });
    const embed = () => provider.embed({ model: MODEL, dimensions: 384, texts: ['a'], subject: 'sample 1' });
    await embed();
    for (const _ of [1, 2])
      await expect(embed()).rejects.toMatchObject({ type: FailureType.InvalidResponse });
    expect((await embed()).vectors).toHaveLength(1);
  });
});
