import { describe, expect, it } from 'vitest';
import type { AudioFacts } from '../../../src/sources/folder/audio/facts.js';
import { takeNative } from '../../../src/sources/folder/audio/native-tags.js';

/** What is read of the Vorbis comments of a file. */
function read(tags: Record<string, string>) {
  const facts: AudioFacts = {
    ...{ format: 'FLAC', duration: null, channels: 1, sampleRate: 44_100, words: [], comments: [] },
  };
  takeNative({ vorbis: Object.entries(tags).map(([id, value]) => ({ id, value })) }, facts);
  const { bpm, key, unread } = facts;
  return [bpm?.value ?? null, key?.value ?? null, unread?.bpm?.value ?? null, unread?.key?.value ?? null];
}

describe('tags for tempo and key', () => {
  it.each<[Record<string, string>, ReturnType<typeof read>]>([
    [{ BPM: '124', INITIALKEY: '8A' }, [124, '8A', null, null]],
    [{ BPM: '120 BPM', INITIAL_KEY: 'Am' }, [120, 'Am', null, null]],
    [{ bpm: '120,5bpm', 'initial key': 'C minor' }, [120.5, 'C minor', null, null]],
    [{ TEMPO: '~90', KEY_SIGNATURE: 'F#' }, [90, 'F#', null, null]],
    [{ BPM: '0', TEMPO: '130' }, [130, null, null, null]],
    [{ BPM: '0.00', INITIALKEY: 'o' }, [null, null, null, null]],
    [{ BPM: 'abc', KEY: 'H' }, [null, null, 'abc', 'H']],
    [{ BPM: '120-125', INITIALKEY: 'Am/C' }, [null, null, '120-125', 'Am/C']],
    [{ BPM: '9999' }, [null, null, '9999', null]],
    [{ BPM: 'abc', TEMPO: '99', INITIALKEY: '?', KEY: 'Dm' }, [99, 'Dm', 'abc', '?']],
  ])('%j', (tags, expected) => expect(read(tags)).toEqual(expected));
});
