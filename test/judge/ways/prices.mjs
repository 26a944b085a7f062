import { PICOS } from '../provider/bill.mjs';
import { honest, proxyPage, refusal } from '../provider/replies.mjs';
import { atRequests } from './patterns.mjs';
import { perTry, way } from './way.mjs';

/** What a token costs is not what the list says. Each answer that comes tells its cost truthfully. */

const LIST = 20 * PICOS;

/** Tenfold from the moment that `rise()` is called. */
function rising() {
  let picos = LIST;
  return {
    pricePicos: () => picos,
    rise: () => {
      picos = 10 * LIST;
    },
  };
}

export const PRICES = [
  way(
    'price: 100 times the list',
    'every token costs a hundred times what is listed',
    () => ({
      pricePicos: () => 100 * LIST,
    }),
    { cap: 'one batch' },
  ),
  way(
    'price: half of the list',
    'every token costs half of what is listed',
    () => ({
      pricePicos: () => LIST / 2,
    }),
    { discount: true },
  ),
  way(
    'price: tenfold from the third request',
    'the price rises while requests are on their way',
    () => ({
      pricePicos: ({ ordinal }) => (ordinal < 3 ? LIST : 10 * LIST),
    }),
    { cap: 'in flight' },
  ),
  way('price: tenfold while paused', 'the price rises while the run waits at its cap', rising, {
    cap: 'one batch',
    raisedAtPause: true,
  }),
  way(
    'price: 100 times the list, then answers lost',
    'dear, and once that is known some answers are lost',
    () => ({
      pricePicos: () => 100 * LIST,
      reply: atRequests([9, 11], () => proxyPage(502, { billed: true }))(),
    }),
    { cap: 'one batch', times: perTry },
  ),
  way(
    'price: tenfold, and max_price is kept',
    'from the third request on it refuses what asks for no more than the old price, as OpenRouter does',
    () => ({
      pricePicos: ({ ordinal }) => (ordinal < 3 ? LIST : 10 * LIST),
      reply: (request) =>
        request.ordinal >= 3 && request.maxPrice !== undefined
          ? refusal(404, 'No endpoints found that satisfy the max price', { billed: false })
          : honest(request),
    }),
    { cap: 'in flight' },
  ),
  way(
    'price: a twentieth of a nanodollar',
    'a token costs less than a nanodollar',
    () => ({ listPicos: PICOS / 20 }),
    {
      fraction: true,
    },
  ),
  way('price: the list wants the key', 'the list of models is refused without the key', () => ({
    guarded: true,
  })),
  way('price: no list', 'there is no list of models; answers tell their cost', () => ({ listed: false })),
];
