/** Returns why a store is refused: its vectors belong to another collection. */
export const otherCollection = (owner: string, wanted: string): string =>
  `the store (TURSO_DATABASE_URL) holds the vectors of the collection ${owner}, not of ${wanted}: give each collection ` +
  `its own store, or, if ${owner} was renamed, run once: embeddings collections --rename ` +
  `${owner} --collection ${wanted}`;
