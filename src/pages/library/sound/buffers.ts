import { Refused, request } from '../api.js';

/** Thrown for a sound that should be streamed. */
export class TooLong extends Error {}

/** Decoded sounds by address. */
export interface Buffers {
  /** Null: the sound is not loaded (yet). */
  get(address: string): AudioBuffer | null;
  /** Rejects with a Refused, whose message tells why the sound cannot be played, a TooLong, or an AbortError. */
  load(address: string): Promise<AudioBuffer>;
  /** Loads these sounds in advance. Aborts all other loads except the one that was requested last. */
  ahead(addresses: readonly string[]): void;
}

/** Bytes of a file. Larger files are streamed, because they take long to load and to decode. */
const LARGEST_FILE = 12_000_000;
/** Bytes of decoded sound to keep. The least recently used are dropped first. */
const MOST = 96_000_000;

interface Coming {
  buffer: Promise<AudioBuffer>;
  controller: AbortController;
}

export function createBuffers(context: () => BaseAudioContext): Buffers {
  const here = new Map<string, AudioBuffer>();
  const coming = new Map<string, Coming>();
  /** Addresses that are not loaded in advance again; `load` still tries them. */
  const failed = new Set<string>();
  let wanted: string | null = null;

  const hold = (address: string, buffer: AudioBuffer): void => {
    here.set(address, buffer);
    let bytes = 0;
    for (const each of here.values()) bytes += sizeOf(each);
    for (const [oldest, each] of here) {
      if (bytes <= MOST || oldest === address) break;
      here.delete(oldest);
      bytes -= sizeOf(each);
    }
  };
  const begin = (address: string): Promise<AudioBuffer> => {
    const controller = new AbortController();
    const buffer = fetchBuffer(address, context(), controller)
      .then((decoded) => {
        failed.delete(address);
        hold(address, decoded);
        return decoded;
      })
      .catch((error: unknown) => {
        if (error instanceof Refused || error instanceof TooLong) failed.add(address);
        throw error;
      })
      .finally(() => coming.delete(address));
    // Nothing awaits a sound that was only loaded in advance.
    buffer.catch(() => {});
    coming.set(address, { buffer, controller });
    return buffer;
  };
  const giveUp = (kept: readonly (string | null)[]): void => {
    for (const [address, { controller }] of coming) if (!kept.includes(address)) controller.abort();
  };
  return {
    get(address) {
      wanted = address;
      const buffer = here.get(address) ?? null;
      if (buffer !== null) {
        here.delete(address);
        here.set(address, buffer);
      }
      return buffer;
    },
    load(address) {
      wanted = address;
      const buffer = here.get(address);
      return buffer === undefined ? (coming.get(address)?.buffer ?? begin(address)) : Promise.resolve(buffer);
    },
    ahead(addresses) {
      giveUp([...addresses, wanted]);
      for (const address of addresses)
        if (!here.has(address) && !coming.has(address) && !failed.has(address)) void begin(address);
    },
  };
}

const sizeOf = ({ length, numberOfChannels }: AudioBuffer): number => 4 * length * numberOfChannels;

async function fetchBuffer(
  address: string,
  context: BaseAudioContext,
  controller: AbortController,
): Promise<AudioBuffer> {
  const response = await request(address, controller.signal);
  if (Number(response.headers.get('content-length')) > LARGEST_FILE) {
    controller.abort();
    throw new TooLong();
  }
  const bytes = await response.arrayBuffer();
  if (bytes.byteLength > LARGEST_FILE) throw new TooLong();
  return context.decodeAudioData(bytes).catch(() => {
    throw new Refused(200, 'no-audio', 'This browser cannot play the file. Download it to hear it.');
  });
}
