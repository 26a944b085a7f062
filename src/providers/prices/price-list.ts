import { FailureType } from '../../contract/failure.js';
import { shownModel } from '../../hide-secrets.js';
import { EmbeddingError } from '../errors/errors.js';
import { oneLine } from '../errors/sentence.js';
import type { ModelInfo } from '../types.js';
import { nanosPerToken } from './prices.js';

const SHOWN_MODELS = 5;

/**
 * Reads one model from the answer of GET /embeddings/models. Null when it is no list, is empty, or has no firm price
 * for the model. Throws an EmbeddingError of type Blocked when there is a list without that model.
 */
export function listedModel(json: unknown, id: string, baseUrl: string): ModelInfo | null {
  const data = (json as { data?: unknown } | null)?.data;
  if (!Array.isArray(data)) return null;
  const ids = data.map((entry) => String(entry?.id));
  if (ids.length === 0) return null;
  if (!ids.includes(id)) throw unknownModel(id, ids, baseUrl);
  return modelInfo(id, data[ids.indexOf(id)] as Record<string, unknown>);
}

/** Null when the price is not in a reliable form. */
function modelInfo(id: string, listed: Record<string, unknown>): ModelInfo | null {
  const price = nanosPerToken((listed.pricing as { prompt?: unknown } | null | undefined)?.prompt);
  const { context_length: contextLength } = listed;
  return price === null
    ? null
    : {
        id,
        nanosPerToken: price,
        contextLength: Number.isInteger(contextLength) ? Number(contextLength) : null,
      };
}

function unknownModel(id: string, ids: readonly string[], baseUrl: string): EmbeddingError {
  const name = id.split('/').at(-1) ?? id;
  const near = [...ids].sort((a, b) => Number(b.includes(name)) - Number(a.includes(name)));
  const more = ids.length > SHOWN_MODELS ? ', …' : '';
  return new EmbeddingError(
    `EMBEDDING_MODEL ${oneLine(shownModel(id), null)} is not among the ${ids.length} embedding models of ${new URL(baseUrl).host}: ` +
      `${near
        .slice(0, SHOWN_MODELS)
        .map((each) => oneLine(each, null))
        .join(', ')}${more}`,
    { type: FailureType.Blocked, status: 404, retryAfterMs: null, billed: 'no' },
  );
}
