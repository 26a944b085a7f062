import { readAiff } from './aiff.js';
import { readCaf } from './caf.js';
import type { SoundFile } from './open-file.js';
import type { PcmSound } from './pcm.js';
import { type Recognised, recognise } from './recognise.js';
import { NoSound } from './refusal.js';
import { readW64 } from './w64.js';
import { readWav } from './wav.js';

/** The sound in a file. */
export interface SoundIn {
  /** Media type. */
  type: string;
  /** Null: the sound cannot be read sample by sample here. */
  pcm: PcmSound | null;
}

/** Returns what an open file holds, even if browsers do not play it. Throws NoSound (`no-audio`) if it is no sound. */
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

/** Returns the PCM of a form that may need conversion, or null; `plain`: browsers play it as is. Throws NoSound. */
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
