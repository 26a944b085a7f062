import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where Temporal's binaries are kept between runs, as the product does. */
export const cacheDir = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'sample-embeddings');
