/**
 * Search attributes that a run keeps up to date for lists in Temporal. Only a run that was started with them updates
 * them: Temporal knows them then. An update of an attribute that Temporal does not know would block the run for ever.
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

/** An attribute that a run is started with and then keeps up to date: the SDK's typed pair, in plain JSON. */
export type InitialAttribute = {
  [Name in keyof typeof RunAttributes]: { key: (typeof RunAttributes)[Name]; value: string | number };
}[keyof typeof RunAttributes];
