/** Who is told a sentence. */
export type Caller = 'search' | 'front-end' | 'assistant';

const BY_WORDS: Readonly<Record<Caller, string>> = {
  search: 'mode=text',
  // It has no such parameter.
  'front-end': 'mode=text of GET /api/v1/search',
  assistant: 'mode "text" of search_samples',
};

/** A sentence whose cure names options of the command line, with what they are called where it is read. */
export const inWordsOf = (caller: Caller, sentence: string): string =>
  sentence
    .replaceAll('--mode text', BY_WORDS[caller])
    .replaceAll('with: mode', 'with mode')
    .replaceAll('--min-similarity', 'min_similarity')
    .replaceAll(/--where (?=\w)/g, 'where=')
    // Of a run; who asks a server asks once more.
    .replaceAll(/, (?:then|or) (?:go on (?:with|without it:) )?embeddings resume\b/g, ', then ask again');

/** Who asks at an address. */
export const callerOf = (path: string): Caller =>
  path.startsWith('/api/v1/search/') ? 'front-end' : path === '/mcp' ? 'assistant' : 'search';
