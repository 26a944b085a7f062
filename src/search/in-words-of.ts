/** The kind of client that reads a message. */
export type Caller = 'search' | 'front-end' | 'assistant';

const BY_WORDS: Readonly<Record<Caller, string>> = {
  search: 'mode=text',
  // The front end's API has no such parameter.
  'front-end': 'mode=text of GET /api/v1/search',
  assistant: 'mode "text" of search_samples',
};

const KIT: Readonly<Record<Caller, string>> = {
  search: 'embeddings kit ',
  'front-end': 'embeddings kit ',
  assistant: 'make_kit with the brief ',
};

/** Replaces the command-line options in a message by the names that the client knows. */
export const inWordsOf = (caller: Caller, sentence: string): string =>
  sentence
    .replaceAll('--mode text', BY_WORDS[caller])
    .replaceAll('with: mode', 'with mode')
    .replaceAll('--min-similarity', 'min_similarity')
    .replaceAll(/--where '([^']*)'/g, 'where=$1')
    .replaceAll(/--where (?=[\w"])/g, 'where=')
    .replaceAll('--where', 'where')
    .replaceAll(/embeddings kit (?=")/g, KIT[caller])
    // `resume` is for runs; a client of the server asks again.
    .replaceAll(/, (?:then|or) (?:go on (?:with|without it:) )?embeddings resume\b/g, ', then ask again');

/** Returns the kind of client for a request path. */
export const callerOf = (path: string): Caller =>
  path.startsWith('/api/v1/search/') ? 'front-end' : path === '/mcp' ? 'assistant' : 'search';
