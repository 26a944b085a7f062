/** The settings that may name the catalog, for messages of code that does not know which of them does. */
export const CATALOG_SETTING = 'DATABASE_URL (or source in embeddings.config.yaml)';
