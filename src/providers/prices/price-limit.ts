import { FailureType } from '../../contract/failure.js';
import { EmbeddingError } from '../errors/errors.js';

/** Matches a 400 or 422 of a server that does not know `provider`, a field of OpenRouter only. */
const UNKNOWN =
  /^(?=[\s\S]*(?:["'`]provider["'`]|: provider\b|\bmax_price\b))(?=[\s\S]*(?:[Uu]nknown|[Uu]nrecogni[sz]ed|[Uu]nexpected|[Ee]xtra|[Nn]ot (?:permitted|allowed|accepted|supported)|[Ii]nvalid (?:field|parameter|argument)))/;

/** The highest price, as a request states it. */
export interface SentPriceLimit {
  provider?: { max_price: { prompt: number } };
}

/** Whether requests may state a highest price, as far as this process has learned. */
export interface PriceLimit {
  /** Returns `max_price` in dollars per million tokens; empty without a price or if the server does not know it. */
  parameter(maxNanosPerToken: number | undefined): SentPriceLimit;
  /** Returns true when the server does not know the field: the request may be repeated without it. */
  learns(sent: SentPriceLimit, error: unknown): boolean;
  /** Records that a request with `sent` was answered: later errors, which may echo a text, teach nothing more. */
  accepted(sent: SentPriceLimit): void;
}

/** Creates the state for one server. */
export function createPriceLimit(): PriceLimit {
  let unknown = false;
  let known = false;
  return {
    parameter(maxNanosPerToken) {
      if (maxNanosPerToken === undefined || unknown) return {};
      // Rounded to twelve digits: 0.1 + 0.2 must not change the body.
      return { provider: { max_price: { prompt: Number((maxNanosPerToken / 1000).toPrecision(12)) } } };
    },
    learns(sent, error) {
      if (!(error instanceof EmbeddingError) || error.type !== FailureType.Rejected) return false;
      if (sent.provider === undefined || known || !UNKNOWN.test(error.message)) return false;
      unknown = true;
      return true;
    },
    accepted(sent) {
      known ||= sent.provider !== undefined;
    },
  };
}
