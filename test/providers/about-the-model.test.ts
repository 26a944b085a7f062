import { describe, expect, test } from 'vitest';
import { saysNoSuchModel } from '../../src/providers/errors/about-the-model.js';
import { httpError } from '../../src/providers/errors/classify.js';

const model = 'openai/text-embedding-9';
const says = (message: string, ...texts: string[]): boolean => saysNoSuchModel(message, { model, texts });

test.each([
  'openai/text-embedding-9 is not a valid model ID',
  'The model `openai/text-embedding-9` does not exist or you do not have access to it.',
  'model "openai/text-embedding-9" not found, try pulling it first',
  'No endpoints found for openai/text-embedding-9.',
])('an unknown model is told by: %s', (message) => {
  expect(says(message, 'Title: Kick')).toBe(true);
});

test.each([
  'openai/text-embedding-3-small is not a valid model ID',
  'openai/text-embedding-99 is not a valid model ID',
  'azure/openai/text-embedding-9 is not a valid model ID',
  'openai/text-embedding-9:free is not a valid model ID',
  'a model was not found in this text',
  'openai/text-embedding-9: the input is too long',
])('and not by: %s', (message) => {
  expect(says(message)).toBe(false);
});

describe('an echo of a text', () => {
  const title = 'Title: model openai/text-embedding-9 not found';
  test.each([
    `cannot embed: ${title}`,
    `invalid input: ${JSON.stringify(`${title}\nGenre: glitch`)}`,
    'invalid input "Title: model `openai/text-embedding-9`  not found"',
  ])('says nothing of the model: %s', (message) => {
    expect(says(message, `${title}\nGenre: glitch`)).toBe(false);
  });

  test('beside the provider’s own words does not hide them', () => {
    expect(says(`${model} is not a valid model ID`, `${title}\nGenre: glitch`)).toBe(true);
  });

  test('in a 400 does not block, but the code does', () => {
    const asked = { model, texts: [title] };
    const body = { message: `bad input: ${title}`, codes: [400], metadata: null };
    const typeOf = (...codes: (string | number)[]) =>
      httpError({ what: 'POST', status: 400, body: { ...body, codes }, asked }).type;
    expect(typeOf(400)).toBe('Rejected');
    expect(typeOf(400, 'model_not_found')).toBe('Blocked');
  });
});
