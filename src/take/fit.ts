import { Readable } from 'node:stream';
import { bytesOf, type OpenedSample } from './open-sample.js';

/** The limits of a sampler. */
export interface SamplerLimits {
  /** Seconds. */
  maxSeconds?: number;
  /** Hertz. */
  rate?: number;
}

/**
 * Returns why a file does not fit; null when it fits. Measures the file, because the length in the catalog may differ.
 * A file that cannot be measured does not fit.
 */
export async function whyUnfit(file: OpenedSample, limits: SamplerLimits): Promise<string | null> {
  const { rate, maxSeconds } = limits;
  if (rate === undefined && maxSeconds === undefined) return null;
  const measured = file.measured ?? (await measure(file));
  if (measured === null) return 'its length and rate cannot be read: check whether the file is audio';
  const { seconds } = measured;
  if (maxSeconds !== undefined && seconds === null)
    return 'how long it is cannot be read: leave --max-seconds out to take it';
  if (maxSeconds !== undefined && seconds !== null && seconds > maxSeconds)
    return `it is ${shown(seconds)} seconds long, and ${shown(maxSeconds)} are allowed: cut it, or raise --max-seconds`;
  if (rate === undefined || measured.rate === rate) return null;
  const has = measured.rate === null ? 'no rate that can be read' : `${measured.rate} Hz`;
  return `it has ${has}, and ${rate} are asked for: convert it, or leave --rate out`;
}

const shown = (seconds: number): string => String(Number(seconds.toFixed(seconds < 10 ? 2 : 1)));

async function measure(file: OpenedSample): Promise<{ seconds: number | null; rate: number | null } | null> {
  const { parseStream } = await import('music-metadata');
  const stream = Readable.from(bytesOf(file), { objectMode: false });
  try {
    const { format } = await parseStream(
      stream,
      { path: file.name, size: file.size },
      { duration: true, skipCovers: true },
    );
    const { duration: seconds = null, sampleRate: rate = null } = format;
    return seconds === null && rate === null ? null : { seconds, rate };
  } catch {
    return null;
  } finally {
    stream.destroy();
  }
}
