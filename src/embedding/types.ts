/** One text rendered from a sample, as it is sent and as it is stored. `notes` name fields left out as unusable. */
export interface SourceText {
  text: string;
  notes: string[];
}

export interface EmbedAnswer {
  /** In the order of the inputs: little-endian float32 bytes, 4 × dimensions each, finite and not all zero. */
  vectors: Uint8Array[];
  /** Prompt tokens as the provider reports them; null when it does not. */
  tokens: number | null;
  /** usage.cost in integer nanodollars; null when the provider does not say. */
  costNanos: number | null;
  providerId: string | null;
  /** True when the provider answered from its response cache (nothing charged). */
  cached: boolean;
  latencyMs: number;
}

export interface ModelInfo {
  id: string;
  /** Integer-safe price: nanodollars a token (20 for $0.02 a million), may be fractional. */
  nanosPerToken: number;
  contextLength: number;
}

export interface EmbedRequest {
  model: string;
  dimensions: number;
  texts: readonly string[];
  /** For error sentences: `samples 101–200`. */
  subject: string;
  signal?: AbortSignal;
  /** Ask the provider itself, not its response cache: a canary request that the cache answers proves nothing. */
  fresh?: boolean;
  /** Called once the whole answer has arrived, before it is read: another request may leave. */
  received?: () => void;
}

export interface Provider {
  /**
   * Sends one request. Throws an EmbeddingError; never retries, except without `dimensions` where the model refuses to
   * be told, which costs nothing. `signal` ends the whole call, body included.
   */
  embed(request: EmbedRequest): Promise<EmbedAnswer>;
  /**
   * From the provider's public list; needs no key. Null when there is no list or no firm price; throws an
   * EmbeddingError of type Blocked when there is a list and the model is not in it.
   */
  model(id: string, signal?: AbortSignal): Promise<ModelInfo | null>;
  /** Checks the key. Throws an EmbeddingError of type Blocked when it is refused. Null fields: the provider does not say. */
  key(signal?: AbortSignal): Promise<{ limitRemainingUsd: number | null }>;
}
