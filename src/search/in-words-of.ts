/** Where a sentence is read. */
export type Door = 'search' | 'front-end' | 'assistant';

const BY_WORDS: Readonly<Record<Door, string>> = {
  search: 'mode=text',
  // It has no such parameter.
  'front-end': 'mode=text of GET /api/v1/search',
  assistant: 'mode "text" of search_samples',
};

/** A sentence whose cure names options of the command line, with what they are called where it is read. */
export const inWordsOf = (door: Door, sentence: string): string =>
  sentence
    .replaceAll('--mode text', BY_WORDS[door])
    .replaceAll('with: mode', 'with mode')
    .replaceAll('--min-similarity', 'min_similarity')
    .replaceAll(/--where (?=\w)/g, 'where=');

/** The door of an address. */
export const doorOf = (path: string): Door =>
  path.startsWith('/api/v1/search/') ? 'front-end' : path === '/mcp' ? 'assistant' : 'search';
