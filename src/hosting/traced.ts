import type { Store } from '../engines/store.js';
import { EmbeddingError } from '../providers/errors/errors.js';
import type { Provider } from '../providers/types.js';
import { currentTraces } from '../tracing/traces.js';
import { aroundCommit } from './around-commit.js';

/** Returns the provider with a span for each request: its server, its purpose and its result; no key and no text. */
export function tracedProvider(provider: Provider, baseUrl: string): Provider {
  const traces = currentTraces();
  if (traces === null) return provider;
  const { hostname } = new URL(baseUrl);
  return {
    ...provider,
    embed(request) {
      const attributes = {
        'http.request.method': 'POST',
        'server.address': hostname,
        'gen_ai.operation.name': 'embeddings',
        'gen_ai.request.model': request.model,
        'embeddings.texts': request.texts.length,
      };
      return traces.span('POST /embeddings', { client: true, attributes }, async (note) => {
        try {
          const answer = await provider.embed(request);
          note({ 'http.response.status_code': 200, 'embeddings.cached': answer.cached });
          if (answer.tokens !== null) note({ 'gen_ai.usage.input_tokens': answer.tokens });
          return answer;
        } catch (error) {
          if (error instanceof EmbeddingError && error.status !== null)
            note({ 'http.response.status_code': error.status });
          throw error;
        }
      });
    },
  };
}

/** Returns the store with a span for each transaction that stores a batch. */
export function tracedStore(store: Store): Store {
  const traces = currentTraces();
  if (traces === null) return store;
  return aroundCommit(store, ({ vectors, copies, failures, settlements, batchId }, commit) => {
    const attributes = {
      'db.system.name': 'libsql',
      'embeddings.batch': batchId,
      'embeddings.rows': vectors.length + copies.length,
      'embeddings.failures': failures.length,
      'embeddings.settlements': settlements.length,
    };
    return traces.span('commit', { client: true, attributes }, commit);
  });
}
