import { proxyPage, refusal, withSpoiltItem } from '../provider/replies.mjs';
import { DIMENSIONS } from '../provider/vectors.mjs';
import { onceToMarked, toMarked } from './patterns.mjs';
import { perTry, way } from './way.mjs';

/** One text of the catalog is what a server stumbles over; its neighbours are well. */

const ONE_FAILS = { fails: 1 };

const spoilt = (name, embedding) => {
  const lie = (request, index) => ({
    ...withSpoiltItem(request, index, (item) => ({ ...item, embedding: embedding(request) })),
    // Where nothing is usable, an answer may count as lost.
    stated: request.texts.length > 1,
  });
  return [
    way(`vector: ${name}`, 'one text’s vector is unusable, always', () => ({ reply: toMarked(lie)() }), {
      ...ONE_FAILS,
      timesMarked: isolated,
    }),
    way(
      `vector: ${name}, once`,
      'one text’s vector is unusable the first time',
      () => ({
        reply: onceToMarked(lie)(),
      }),
      { timesMarked: perTry },
    ),
  ];
};

const packed = (numbers) => Buffer.from(new Float32Array(numbers).buffer).toString('base64');
const filled = (value) => () => packed(new Array(DIMENSIONS).fill(value));

const refusing = (name, says, reply) =>
  way(`one text: ${name}`, says, () => ({ reply: toMarked(reply)() }), ONE_FAILS);

export const ONE_TEXT = [
  ...spoilt('NaN', filled(Number.NaN)),
  ...spoilt('zeros', filled(0)),
  ...spoilt('null', () => null),
  ...spoilt('Infinity', filled(Number.POSITIVE_INFINITY)),
  ...spoilt('shorter than the others', () => packed(new Array(DIMENSIONS - 1).fill(0.5))),
  refusing('400', 'refused before any work', () => refusal(400, 'this input is refused', { billed: false })),
  refusing('422', 'refused before any work', () => refusal(422, 'unprocessable input', { billed: false })),
  refusing('500', 'the server fails over it, uncharged', () =>
    refusal(500, 'failed to encode response: json: unsupported value: NaN', { billed: false }),
  ),
  refusing('closed connection', 'the server closes the connection over it, uncharged', () => ({
    billed: false,
    cut: 'reset',
    status: 200,
    body: '',
  })),
  refusing('error in a 200', 'the server fails over it inside a 200, uncharged', () => ({
    billed: false,
    status: 200,
    body: { error: { code: 500, message: 'Internal error: embedding is NaN' } },
  })),
  refusing('a firewall’s 403', 'a firewall refuses it with a page of its own', () =>
    proxyPage(403, { billed: false }),
  ),
  refusing('a model’s name in a 400', 'a refusal that echoes the text, which speaks of a model', () =>
    refusal(400, 'could not embed "The model you want was not found"', { billed: false }),
  ),
  way(
    'one text: 500, charged',
    'the server fails over it after the work was charged, always',
    () => ({ reply: toMarked(() => refusal(500, 'NaN', { billed: true }))() }),
    { ...ONE_FAILS, times: halved, timesMarked: halved },
  ),
];

/** After the tries of its batch, what is found to be at fault is sent alone, and once more to be sure. */
function isolated(retries) {
  return perTry(retries) + 2;
}

/** After its tries the batch is sent once more and halved: ten texts are alone after four halvings at most. */
function halved(retries) {
  return isolated(retries) + 4;
}
