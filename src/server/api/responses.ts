import { refusal } from './schemas.js';

/** Returns the OpenAPI description of a JSON response. */
export const json = <T>(schema: T, description: string) => ({
  description,
  content: { 'application/json': { schema } },
});

/** Error responses of any request. */
export const refusals = {
  400: json(refusal, 'What is wrong with the request.'),
  401: json(refusal, 'The server requires its token (token).'),
  403: json(refusal, 'The request names another host (host), or comes from a page of another site (origin).'),
  405: json(refusal, 'The address accepts other methods; Allow names them (method).'),
  408: json(refusal, 'The request took too long to arrive (timeout).'),
  431: json(refusal, 'The address and the headers have more than 256 kB (too-large).'),
  502: json(refusal, 'An unexpected error (failed).'),
  503: json(
    refusal,
    'The store or the catalog is locked (busy) or does not answer (down): try again. Or a person has to fix something outside of the server (blocked).',
  ),
};

/** Additional error responses of a search. */
export const searchRefusals = {
  404: json(refusal, 'A sample in the request does not exist (no-sample).'),
  409: json(refusal, 'A sample in the request has no vector (no-vector).'),
  429: json(
    refusal,
    "Today's new queries would cost more than the daily cap (cap); Retry-After says when it is renewed.",
  ),
  502: json(
    refusal,
    'The provider of vectors does not answer (provider-down) or refuses (provider-refuses), or there is an unexpected error (failed).',
  ),
  503: json(
    refusal,
    'Try again: the queue of searches is full or another program locks the store or the catalog (busy), one of these does not answer (down), queries under way may use up the daily cap (cap-reserved), or the provider has too many requests (provider-busy). Or a person has to fix it: there is no key (no-provider), nothing is stored (nothing-stored), or the vectors are of another model (other-model).',
  ),
};

/** Additional error responses of a request with a body. */
export const bodyRefusals = {
  413: json(refusal, 'The body has more than a megabyte (too-large).'),
  415: json(refusal, 'The body is not JSON (media-type).'),
};

export const noSample = { 404: json(refusal, 'There is no such sample.') };

/** Returns the milliseconds since `begun`, a value of performance.now(), with one decimal. */
export const millisecondsSince = (begun: number): number => Math.round(10 * (performance.now() - begun)) / 10;
