import { FailureType } from '../../contract/failure.js';
import { EmbeddingError } from '../errors/errors.js';

/** Of a 400 or 422: the server does not know `provider`, which only OpenRouter takes. */
const UNKNOWN =
  /^(?=[\s\S]*(?:["'`]provider["'`]|: provider\b|\bmax_price\b))(?=[\s\S]*(?:[Uu]nknown|[Uu]nrecogni[sz]ed|[Uu]nexpected|[Ee]xtra|[Nn]ot (?:permitted|allowed|accepted|supported)|[Ii]nvalid (?:field|parameter|argument)))/;

/** What a request says of the highest price that may be asked for it. */
export interface ToldPrice {
  provider?: { max_price: { prompt: number } };
}

/** Which requests may say what they cost at most, as far as this process has learned. */
export interface PriceLimit {
  /** `max_price` in dollars a million tokens; nothing where no price was given, or to a server that does not know it. */
  parameter(maxNanosPerToken: number | undefined): ToldPrice;
  /** True where the error says that the server does not know it: the same request, which was `told` it, may do without. */
  learns(told: ToldPrice, error: unknown): boolean;
  /** A request that was `told` it was answered: no later error, which may echo a text, teaches otherwise. */
  accepted(told: ToldPrice): void;
}

/** Of one server. */
export function createPriceLimit(): PriceLimit {
  let unknown = false;
  let known = false;
  return {
    parameter(maxNanosPerToken) {
      if (maxNanosPerToken === undefined || unknown) return {};
      // To twelve digits: 0.1 + 0.2 must not become another body.
      return { provider: { max_price: { prompt: Number((maxNanosPerToken / 1000).toPrecision(12)) } } };
    },
    learns(told, error) {
      if (!(error instanceof EmbeddingError) || error.type !== FailureType.Rejected) return false;
      if (told.provider === undefined || known || !UNKNOWN.test(error.message)) return false;
      unknown = true;
      return true;
    },
    accepted(told) {
      known ||= told.provider !== undefined;
    },
  };
}
