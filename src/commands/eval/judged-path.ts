/** Default file for the grades of `embeddings judge`, in the working directory. */
export const JUDGED_FILE = 'judged.jsonl';
