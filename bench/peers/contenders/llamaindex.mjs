import { createClient } from '@libsql/client';
import { OpenAIEmbedding } from '@llamaindex/openai';
import { BaseVectorStore, Document, IngestionPipeline } from 'llamaindex';
import { DIMENSIONS, MODEL, texts } from './texts.mjs';

/**
 * A minimal vector store for libSQL, because LlamaIndexTS has none. It writes everything that the pipeline passes in at
 * once. A row that is written again replaces the earlier one.
 */
class LibSQLStore extends BaseVectorStore {
  storesText = true;
  isEmbeddingQuery = true;
  #db;

  constructor(db, embedModel) {
    super({ embedModel });
    this.#db = db;
  }

  client() {
    return this.#db;
  }

  async add(nodes) {
    for (let at = 0; at < nodes.length; at += 100)
      await this.#db.batch(
        nodes.slice(at, at + 100).map((node) => ({
          sql: 'INSERT OR REPLACE INTO vectors (id, text, embedding) VALUES (?, ?, ?)',
          args: [node.id_, node.text, new Uint8Array(Float32Array.from(node.embedding).buffer)],
        })),
        'write',
      );
    return nodes.map((node) => node.id_);
  }

  async delete(id) {
    await this.#db.execute({ sql: 'DELETE FROM vectors WHERE id = ?', args: [id] });
  }

  async query() {
    throw new Error('this bench does not search');
  }
}

/** Prepares the ingestion pipeline, all by default: ten texts a request, one after the other, ten retries. */
export async function prepare({ catalog, baseUrl, store, samples }) {
  const db = createClient({ url: store });
  await db.execute('CREATE TABLE IF NOT EXISTS vectors (id TEXT PRIMARY KEY, text TEXT, embedding BLOB)');
  const embedding = new OpenAIEmbedding({
    model: MODEL,
    dimensions: DIMENSIONS,
    apiKey: 'bench',
    baseURL: baseUrl,
  });
  const vectorStore = new LibSQLStore(db, embedding);
  const pipeline = new IngestionPipeline({ transformations: [embedding], vectorStore });
  return {
    async work() {
      const documents = (await texts(catalog, samples)).map(
        ({ id, text }) => new Document({ id_: String(id), text }),
      );
      await pipeline.run({ documents });
    },
    close: () => db.close(),
  };
}

export const STORED = 'SELECT CAST(id AS INTEGER) AS id FROM vectors WHERE length(embedding) = 6144';
