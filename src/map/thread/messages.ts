/** One call to the thread, which answers calls in order. */
export type Call =
  | { do: 'learn'; vectors: readonly Float32Array[]; dimensions: number }
  | { do: 'sketch'; vectors: readonly Float32Array[] }
  | { do: 'layOut'; sketches: Float32Array; numbers: number };

/** `share`: progress of the call; its answer follows. */
export type Answer = { share: number } | { result: number | Float32Array } | { error: string };
