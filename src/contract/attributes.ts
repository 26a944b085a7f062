/**
 * Search attributes that a run keeps up to date for lists in Temporal. Only a run that was started with them does:
 * Temporal then knows them, while an update of one that it does not know would hold the run up for ever.
 */
export const RunAttributes = {
  state: { name: 'EmbeddingsState', type: 'KEYWORD' },
  /** 0 to 100, one decimal. */
  percent: { name: 'EmbeddingsPercent', type: 'DOUBLE' },
  costUsd: { name: 'EmbeddingsCostUsd', type: 'DOUBLE' },
  failed: { name: 'EmbeddingsFailed', type: 'INT' },
  model: { name: 'EmbeddingsModel', type: 'KEYWORD' },
  collection: { name: 'EmbeddingsCollection', type: 'KEYWORD' },
} as const;

/** What a run is started with so that it keeps them up to date; as the SDK's typed pairs, in plain JSON. */
export type InitialAttribute = {
  [Name in keyof typeof RunAttributes]: { key: (typeof RunAttributes)[Name]; value: string | number };
}[keyof typeof RunAttributes];
