import { homedir } from 'node:os';
import { join } from 'node:path';

/** The folder that keeps Temporal's binaries between runs, the same as the product's. */
export const cacheDir = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'sample-embeddings');
