import { refusal } from './schemas.js';

/** A response of JSON, for OpenAPI. */
export const json = <T>(schema: T, description: string) => ({
  description,
  content: { 'application/json': { schema } },
});

/** What may become of any request. */
export const refusals = {
  400: json(refusal, 'What is wrong with the request.'),
  503: json(refusal, 'The server is busy, or something around it is broken.'),
};

export const noSample = { 404: json(refusal, 'There is no such sample.') };

/** Milliseconds since, with one decimal; `begun`: of performance.now(). */
export const millisecondsSince = (begun: number): number => Math.round(10 * (performance.now() - begun)) / 10;
