/** One call to the thread, which answers in the order of asking. */
export type Call =
  | { do: 'learn'; vectors: readonly Float32Array[]; dimensions: number }
  | { do: 'sketch'; vectors: readonly Float32Array[] }
  | { do: 'layOut'; sketches: Float32Array; numbers: number };

/** `share`: so much of it is done; the answer is to come. */
export type Answer = { share: number } | { result: number | Float32Array } | { error: string };
