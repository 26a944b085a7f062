import type { Settings } from '../../config.js';
import type { SampleLibrary } from '../../search/library.js';

/** Returns what does not work with the present settings, as sentences with the cure. */
export async function unavailableFeatures(
  { apiKey }: Pick<Settings, 'apiKey'>,
  { whyUnheard }: Pick<SampleLibrary, 'whyUnheard'>,
): Promise<string[]> {
  const unheard = await whyUnheard();
  return [
    ...(apiKey === null
      ? [
          'OPENROUTER_API_KEY is not set: earlier queries and searches by words work, new queries by meaning do not.',
        ]
      : []),
    ...(unheard === null ? [] : [`No sample can be heard. ${unheard}`]),
  ];
}
