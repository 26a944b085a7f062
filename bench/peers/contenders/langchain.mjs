import { SQLiteRecordManager } from '@langchain/community/indexes/sqlite';
import { LibSQLVectorStore } from '@langchain/community/vectorstores/libsql';
import { Document } from '@langchain/core/documents';
import { index } from '@langchain/core/indexing';
import { OpenAIEmbeddings } from '@langchain/openai';
import { createClient } from '@libsql/client';
import { DIMENSIONS, MODEL, texts } from './texts.mjs';

/**
 * Prepares `index()` into libSQL with a persistent record manager, all by default: batches of 100, one after the other,
 * six retries. LangChain's guide also creates a vector index, which takes most of the time. It is left out here, since
 * the other contenders have none (see langchain-indexed.mjs).
 */
export async function prepare({ catalog, baseUrl, store, home, samples }, indexed = false) {
  const db = createClient({ url: store });
  await db.execute(`CREATE TABLE IF NOT EXISTS vectors (
    id INTEGER PRIMARY KEY AUTOINCREMENT, content TEXT, metadata TEXT, embedding F32_BLOB(${DIMENSIONS}))`);
  if (indexed)
    await db.execute(
      'CREATE INDEX IF NOT EXISTS idx_vectors_embedding ON vectors (libsql_vector_idx(embedding))',
    );
  const embeddings = new OpenAIEmbeddings({
    model: MODEL,
    dimensions: DIMENSIONS,
    apiKey: 'bench',
    configuration: { baseURL: baseUrl },
  });
  const vectorStore = new LibSQLVectorStore(embeddings, { db });
  const recordManager = new SQLiteRecordManager('samples', {
    localPath: `${home}-records.db`,
    tableName: 'records',
  });
  await recordManager.createSchema();
  return {
    async work() {
      const docsSource = (await texts(catalog, samples)).map(
        ({ id, text }) => new Document({ pageContent: text, metadata: { id } }),
      );
      await index({ docsSource, recordManager, vectorStore });
    },
    close: () => db.close(),
  };
}

export const STORED =
  "SELECT json_extract(metadata, '$.id') AS id FROM vectors WHERE length(embedding) = 6144";
