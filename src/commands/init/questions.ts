import { parseStoreUrl } from '../../engines/libsql/url.js';

type Values = Readonly<Record<string, string>>;

export interface Question {
  name: string;
  /** The question's text. */
  message: string;
  /** Placeholder while nothing is typed. */
  example?: string;
  /** Value of an empty answer if nothing is set; without it an answer is required. */
  fallback?: string;
  /** The input is not shown. */
  secret?: boolean;
  /** Returns whether to ask, given the earlier answers; default always. */
  asked?: (values: Values) => boolean;
}

const MODEL = 'openai/text-embedding-3-small';

/** The settings that a first run needs, in the order of the questions. */
export const QUESTIONS: readonly Question[] = [
  {
    name: 'OPENROUTER_API_KEY',
    message: 'The key of the provider (openrouter.ai/keys)',
    secret: true,
  },
  {
    name: 'DATABASE_URL',
    message:
      'The catalog: a folder of audio files, a PostgreSQL URL, or the path of an SQLite, CSV or JSON lines file. Nothing is written to it',
    example: '~/Samples, postgresql://user:password@host/library, library.db or samples.csv',
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
    // A server on loopback may need no token, and a URL may contain one.
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
