/** Returns why a store is refused: its vectors belong to another collection. */
export const otherCollection = (owner: string, wanted: string): string =>
  `the store (TURSO_DATABASE_URL) holds the vectors of the collection ${owner}, not of ${wanted}: give each collection a ` +
  `store of its own, or, where this is ${owner} under its new name, say so once with: embeddings collections --rename ` +
  `${owner} --collection ${wanted}`;
