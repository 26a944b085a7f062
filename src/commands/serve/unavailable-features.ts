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
          'OPENROUTER_API_KEY is not set: what was asked before and words alone can be searched, new queries by meaning cannot.',
        ]
      : []),
    ...(unheard === null ? [] : [`No sample can be heard. ${unheard}`]),
  ];
}
