import { element } from '../../shared/element.js';
import { Refused, type Sample, taken } from '../api.js';
import { copyText } from '../clipboard.js';

/** One way to export a list of samples. */
export interface Export {
  name: string;
  /** @returns a sentence that describes the result. */
  run(samples: readonly Sample[]): Promise<string>;
}

const counted = (samples: readonly Sample[]): string =>
  samples.length === 1 ? '1 sample' : `${samples.length} samples`;

export const EXPORTS: readonly Export[] = [
  {
    name: 'Copy paths',
    async run(samples) {
      const paths = samples.flatMap(({ file, path }) => file ?? path ?? []);
      if (paths.length === 0) return 'The catalog names no files for these.';
      return (await copyText(paths.join('\n')))
        ? `${paths.length === 1 ? '1 path is' : `${paths.length} paths are`} copied.`
        : 'The browser did not allow the page to copy. Export M3U8 instead: it holds the paths.';
    },
  },
  { name: 'Zip', run: file('zip') },
  { name: 'M3U8', run: file('m3u8') },
  { name: 'CSV', run: file('csv') },
  { name: 'JSON', run: file('json') },
];

function file(form: Parameters<typeof taken>[1]): Export['run'] {
  return async (samples) => {
    try {
      const address = URL.createObjectURL(await taken(samples, form));
      element('a', { href: address, download: `samples.${form}` }).click();
      setTimeout(() => URL.revokeObjectURL(address), 10_000);
      return `samples.${form} with ${counted(samples)} is saved.`;
    } catch (error) {
      if (error instanceof Refused) return error.message;
      throw error;
    }
  };
}
