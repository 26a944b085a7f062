import { readAiff } from './aiff.js';
import { readCaf } from './caf.js';
import type { SoundFile } from './open-file.js';
import type { PcmSound } from './pcm.js';
import { type Recognised, recognise } from './recognise.js';
import { NoSound } from './refusal.js';
import { readW64 } from './w64.js';
import { readWav } from './wav.js';

/** What sound a file holds. */
export interface SoundIn {
  /** Media type. */
  type: string;
  /** Null: not sound that is read here sample by sample. */
  pcm: PcmSound | null;
}

/** What an open file holds, also where browsers do not play it. Throws NoSound (`no-audio`) where it is no sound. */
export async function soundIn(file: SoundFile): Promise<SoundIn> {
  const recognised = await recognise(file);
  const { type } = recognised;
  try {
    return { type, pcm: (await pcmIn(file, recognised))?.pcm ?? null };
  } catch (error) {
    if (error instanceof NoSound && error.kind === 'unplayable') return { type, pcm: null };
    throw error;
  }
}

/** `plain`: browsers play it as it is. Null: the file is of no form that may have to be converted. Throws NoSound. */
export async function pcmIn(
  file: SoundFile,
  { form }: Pick<Recognised, 'form'>,
): Promise<{ pcm: PcmSound; plain: boolean } | null> {
  switch (form) {
    case 'wav': {
      const { plain, ...pcm } = await readWav(file);
      return { pcm, plain };
    }
    case 'w64':
      return { pcm: await readW64(file), plain: false };
    case 'aiff':
      return { pcm: await readAiff(file), plain: false };
    case 'caf':
      return { pcm: await readCaf(file), plain: false };
    default:
      return null;
  }
}
