import { parseStoreUrl } from '../../engines/libsql/url.js';

type Values = Readonly<Record<string, string>>;

export interface Question {
  name: string;
  /** What is asked. */
  message: string;
  /** An example, shown where nothing is typed yet. */
  example?: string;
  /** What an empty answer means where nothing is set; without it an answer is needed. */
  fallback?: string;
  /** Typed unseen. */
  secret?: boolean;
  /** Whether it matters, given the answers so far; default always. */
  asked?: (values: Values) => boolean;
}

const MODEL = 'openai/text-embedding-3-small';

/** What a first run needs, in the order in which it is asked for. */
export const QUESTIONS: readonly Question[] = [
  {
    name: 'OPENROUTER_API_KEY',
    message: 'The key of the provider (openrouter.ai/keys)',
    secret: true,
  },
  {
    name: 'DATABASE_URL',
    message: 'The catalog: a PostgreSQL URL, or the path of an SQLite file. It is only ever read',
    example: 'postgresql://user:password@host/library or library.db',
  },
  {
    name: 'TURSO_DATABASE_URL',
    message: 'The store for the vectors: a libSQL URL, or file: and a path',
    fallback: 'file:embeddings.db',
  },
  {
    name: 'TURSO_AUTH_TOKEN',
    message: 'The token of the store (turso db tokens create)',
    secret: true,
    // A server on loopback may want none, and a URL may hold its own.
    asked: ({ TURSO_DATABASE_URL: url = '' }) =>
      parseStoreUrl(url).kind === 'remote' && !/^(?:http|ws):|[?&]authToken=/i.test(url),
  },
  { name: 'EMBEDDING_MODEL', message: 'The model', fallback: MODEL },
  {
    name: 'EMBEDDING_DIMENSIONS',
    message: 'Numbers in a vector of that model',
    example: '768',
    asked: ({ EMBEDDING_MODEL: model }) => model !== MODEL,
  },
];
