import { describe, expect, it } from 'vitest';
import { createOpenRouter } from '../../src/providers/openrouter.js';

interface Body {
  input: string[];
  encoding_format?: string;
  dimensions?: number;
}
type Refusal = (body: Body) => Response | null;

/** A server of floats, which answers with `refuse` where that gives an answer. */
function serverOf(refuse: Refusal) {
  const bodies: Body[] = [];
  const fetch = async (_url: unknown, init?: RequestInit): Promise<Response> => {
    const body = JSON.parse(String(init?.body)) as Body;
    bodies.push(body);
    const embedding = [1, 2, 3, 4];
    return refuse(body) ?? Response.json({ data: body.input.map((_, index) => ({ index, embedding })) });
  };
  const provider = createOpenRouter({
    apiKey: 'sk-x',
    baseUrl: 'http://127.0.0.1:1/v1',
    fetch: fetch as typeof globalThis.fetch,
  });
  const embed = (text: string, fresh = false) =>
    provider.embed({ model: 'm', dimensions: 4, texts: [text], subject: 'sample 1', fresh });
  return { formats: () => bodies.map((body) => body.encoding_format ?? 'none'), embed };
}

const error = (message: string, status = 400): Response => Response.json({ error: { message } }, { status });

describe('a server that refuses base64', () => {
  it.each<[string, Refusal]>([
    [
      'by the value',
      ({ encoding_format: f }) => (f === 'base64' ? error("'base64' is not supported") : null),
    ],
    [
      'by the parameter',
      ({ encoding_format: f }) =>
        f === undefined
          ? null
          : Response.json(
              { message: { detail: [{ type: 'extra_forbidden', loc: ['body', 'encoding_format'] }] } },
              { status: 422 },
            ),
    ],
  ])('%s is asked for its own form, and for no other after that', async (_, refuse) => {
    const { formats, embed } = serverOf(refuse);
    expect((await embed('a')).vectors[0]).toHaveLength(16);
    await embed('b');
    expect(formats()).toEqual(['base64', 'none', 'none']);
  });

  it('without saying why is asked a neutral text without: what a canary request shows holds for all', async () => {
    const { formats, embed } = serverOf(({ encoding_format: f }) =>
      f === 'base64' ? Response.json({ errorCode: 'PROXY_READ_ERROR' }, { status: 400 }) : null,
    );
    await expect(embed('a')).rejects.toMatchObject({ type: 'Rejected', billed: 'no' });
    await embed('neutral', true);
    await embed('a');
    expect(formats()).toEqual(['base64', 'base64', 'none', 'none']);
  });

  it('together with dimensions is asked without both', async () => {
    const { formats, embed } = serverOf((body) => {
      const names = ['dimensions', 'encoding_format'].filter((name) => name in body);
      return names.length === 0
        ? null
        : error(`Unrecognized request arguments supplied: ${names.join(', ')}`);
    });
    await embed('a');
    expect(formats()).toEqual(['base64', 'base64', 'none']);
  });

  it('by a crash, which may be billed, is asked without at the next try', async () => {
    const { formats, embed } = serverOf(({ encoding_format: f }) =>
      f === 'base64' ? error("KeyError: 'base64'", 500) : null,
    );
    await expect(embed('a')).rejects.toMatchObject({ type: 'Transient', billed: 'maybe' });
    await embed('a');
    expect(formats()).toEqual(['base64', 'none']);
  });
});

describe('a refusal that is about something else', () => {
  it('costs a canary request one more, and teaches nothing', async () => {
    const { formats, embed } = serverOf(() => error('no'));
    await expect(embed('neutral', true)).rejects.toThrow(/400/);
    await expect(embed('a')).rejects.toThrow(/400/);
    expect(formats()).toEqual(['base64', 'none', 'base64']);
  });

  it('is not guessed where the refusal names another part of the request', async () => {
    const { formats, embed } = serverOf(() => error('unknown field: input'));
    await expect(embed('neutral', true)).rejects.toThrow(/unknown field: input/);
    expect(formats()).toEqual(['base64']);
  });

  it('costs nothing once base64 has passed, also where it echoes a text with these words', async () => {
    const { formats, embed } = serverOf(({ input }) => (input[0] === 'a' ? null : error(`bad: ${input[0]}`)));
    await embed('a');
    await expect(embed('encoding_format base64 is not supported')).rejects.toThrow(/400/);
    await expect(embed('b', true)).rejects.toThrow(/400/);
    expect(formats()).toEqual(['base64', 'base64', 'base64']);
  });
});
