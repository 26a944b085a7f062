/** Where `embeddings judge` keeps grades unless it is told, in the working directory. */
export const JUDGED_FILE = 'judged.jsonl';
