import { honest, withUsage } from '../provider/replies.mjs';
import { always } from './patterns.mjs';
import { way } from './way.mjs';

/** Every answer is whole; what it says of its price is not the plain truth. */

const usage = (name, says, make, promises = {}) =>
  way(
    `usage: ${name}`,
    says,
    () => ({ reply: always((request) => withUsage(request, ...[make(request)].flat()))() }),
    promises,
  );

const counts = ({ tokens }) => ({ prompt_tokens: tokens, total_tokens: tokens });
/** Its statement is the truth, if one can read. */
const TRUE = { stated: true };
const TOO_LITTLE = 'states fewer tokens than it charges, in a form that may be true';
const TOO_MUCH = 'states more than it charges';

export const USAGE = [
  way('honest', 'the whole truth', () => ({})),
  way('honest floats', 'the whole truth, with numbers where base64 was asked for', () => ({
    reply: always((request) => honest(request, { floats: true }))(),
  })),
  usage('missing', 'says nothing', () => undefined),
  usage('null', 'says nothing, in another form', () => null),
  usage('empty', 'says nothing, in a third form', () => ({})),
  usage('text', 'says it in prose', () => 'about a cent'),
  usage('zeros', 'zero tokens for texts that are not empty, and no sign of a cache', () => ({
    prompt_tokens: 0,
    total_tokens: 0,
  })),
  usage('zeros and cost 0', 'zero tokens at zero cost, and no sign of a cache', () => ({
    prompt_tokens: 0,
    total_tokens: 0,
    cost: 0,
  })),
  usage('zeros with the cost', 'zero tokens beside the true cost', ({ dollars }) => [
    { prompt_tokens: 0, total_tokens: 0, cost: dollars },
    TRUE,
  ]),
  usage('own key', 'a key of one’s own: cost is the fee of 0, the price stands beside it', (request) => [
    {
      ...counts(request),
      cost: 0,
      is_byok: true,
      cost_details: { upstream_inference_cost: request.dollars },
    },
    TRUE,
  ]),
  usage('own key with a fee', 'a key of one’s own: a twentieth is the fee', (request) => {
    const picos = request.picos;
    const fee = Math.round(picos / 20 / 1000) * 1000;
    return [
      {
        ...counts(request),
        cost: fee / 1e12,
        is_byok: true,
        cost_details: { upstream_inference_cost: (picos - fee) / 1e12 },
      },
      TRUE,
    ];
  }),
  usage('own key, price unsaid', 'a key of one’s own: a fee of 0, and nothing of the price', (request) => ({
    ...counts(request),
    cost: 0,
    is_byok: true,
  })),
  usage('cost null', 'the true tokens, cost null', (request) => [{ ...counts(request), cost: null }, TRUE]),
  usage('no cost', 'the true tokens, no cost', (request) => [counts(request), TRUE]),
  usage('total only', 'only total_tokens', ({ tokens }) => [{ total_tokens: tokens }, TRUE]),
  usage('prompt only', 'only prompt_tokens', ({ tokens }) => [{ prompt_tokens: tokens }, TRUE]),
  usage('cost as text', 'the true cost in quotes', (request) => [
    { ...counts(request), cost: request.dollars.toFixed(9) },
    TRUE,
  ]),
  usage('cost below zero', 'the true tokens, a negative cost', (request) => ({
    ...counts(request),
    cost: -request.dollars,
  })),
  usage('tokens below zero', 'negative tokens, no cost', ({ tokens }) => ({
    prompt_tokens: -tokens,
    total_tokens: -tokens,
  })),
  usage('1e18 tokens with the cost', '10^18 tokens beside the true cost', ({ dollars }) => [
    { prompt_tokens: 1e18, total_tokens: 1e18, cost: dollars },
    TRUE,
  ]),
  usage('1e18 tokens', '10^18 tokens, no cost', () => ({ prompt_tokens: 1e18, total_tokens: 1e18 }), {
    lower: TOO_MUCH,
    uncertain: 'any',
  }),
  usage(
    '9e15 tokens',
    '9·10^15 tokens, no cost: twice that is past what a double counts',
    () => ({ prompt_tokens: 9e15, total_tokens: 9e15 }),
    { lower: TOO_MUCH, uncertain: 'any' },
  ),
  usage(
    '9e15 nanodollars',
    'a cost of 9·10^15 nanodollars: twice that is past what a double counts',
    (request) => ({ ...counts(request), cost: 9e6 }),
    { lower: TOO_MUCH, uncertain: 'any' },
  ),
  usage(
    '1e12 dollars',
    'a cost of 10^12 dollars: no 64-bit count of nanodollars holds it',
    (request) => ({ ...counts(request), cost: 1e12 }),
    { lower: TOO_MUCH, uncertain: 'any' },
  ),
  usage(
    'half a token',
    'tokens with a fraction, no cost',
    ({ tokens }) => ({ prompt_tokens: tokens + 0.5, total_tokens: tokens + 0.5 }),
    { lower: TOO_MUCH },
  ),
  usage('fewer tokens than texts', 'one token for all texts of a batch, no cost', () => ({
    prompt_tokens: 1,
    total_tokens: 1,
  })),
  usage(
    'half of the tokens',
    'half of the tokens it charges, no cost: they can be counted',
    ({ tokens }) => ({ prompt_tokens: tokens >> 1, total_tokens: tokens >> 1 }),
  ),
  usage(
    'half of the tokens at half of the cost',
    'half of what it charges, in tokens and in cost alike',
    ({ tokens, dollars }) => ({ prompt_tokens: tokens >> 1, total_tokens: tokens >> 1, cost: dollars / 2 }),
    { upper: TOO_LITTLE, cap: TOO_LITTLE },
  ),
  usage('half of the cost', 'the true tokens, half of what it charges', (request) => ({
    ...counts(request),
    cost: request.dollars / 2,
  })),
  usage('a nanodollar', 'the true tokens, a cost of a nanodollar', (request) => ({
    ...counts(request),
    cost: 1e-9,
  })),
  usage('cost 0 beside tokens', 'the true tokens, a cost of 0, and it charges', (request) => ({
    ...counts(request),
    cost: 0,
  })),
  usage('not numbers', 'words where numbers belong', () => ({
    prompt_tokens: 'many',
    total_tokens: [],
    cost: 'NaN',
  })),
];
