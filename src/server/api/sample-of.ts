import type { SampleLibrary } from '../../search/library.js';
import type { SampleHit } from '../../search/sample-hit.js';
import { BadRequest } from '../refuse.js';
import type { ApiSample, VibeSample } from './schemas.js';

/** Returns a sample as the catalog has it now. Throws a BadRequest (404) when the sample has left the catalog. */
export async function sampleNow(library: Pick<SampleLibrary, 'sample'>, id: string): Promise<SampleHit> {
  const hit = await library.sample(id);
  if (hit.gone !== true) return hit;
  throw new BadRequest(
    404,
    'gone',
    `sample ${hit.sample_id} is not in the catalog: check its id, or search for another; embeddings --all --prune removes samples that have left`,
  );
}

/** Returns the addresses of a sample's preview and download; null when the catalog names no file. */
export function addressesOf({
  sample_id: id,
  path,
}: SampleHit): { preview: string; download: string } | null {
  if (path === null) return null;
  const at = `/api/v1/samples/${encodeURIComponent(String(id))}`;
  return { preview: `${at}/preview`, download: `${at}/download` };
}

export async function sampleOf(hit: SampleHit, library: Pick<SampleLibrary, 'place'>): Promise<ApiSample> {
  const { sample_id: id, title, similarity, score, duration, path, gone, fields = {} } = hit;
  const at = addressesOf(hit);
  return {
    ...{ id, title, similarity, score, duration, path, gone: gone === true },
    file: await library.place(path),
    preview_url: at?.preview ?? null,
    download_url: at?.download ?? null,
    fields: Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, asJson(value)])),
  };
}

/** Returns a hit in the front end's form. Values come from columns of the same name, null without such a column. */
export function vibeSampleOf(hit: SampleHit): VibeSample {
  const { sample_id: id, title, similarity, duration, fields = {} } = hit;
  const at = addressesOf(hit);
  const text = (...names: string[]): string | null => {
    for (const name of names) {
      const value = fields[name];
      if (typeof value === 'string' && value !== '') return value;
    }
    return null;
  };
  const number = (name: string): number | null => {
    const value = fields[name];
    return typeof value === 'number' && Number.isFinite(value) ? value : null;
  };
  return {
    ...{ id, title, similarity, duration },
    bpm: number('bpm'),
    musical_key: text('musical_key', 'key'),
    genre: text('genre'),
    mood: text('mood_primary', 'mood'),
    mood_secondary: text('mood_secondary'),
    energy_level: number('energy_level'),
    danceability: number('danceability'),
    vibe_tags: listOf(fields.texture_tags ?? fields.tags),
    acousticness: number('acousticness'),
    instrumentalness: number('instrumentalness'),
    preview_url: at?.preview ?? null,
    full_url: at?.download ?? null,
  };
}

function listOf(value: unknown): string[] {
  const list = typeof value === 'string' && value.startsWith('[') ? parsed(value) : value;
  return Array.isArray(list) ? list.filter((item) => typeof item === 'string') : [];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Converts a database value for JSON. Text that holds a JSON object or array is parsed. */
function asJson(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'string' && /^[[{]/.test(value)) return parsed(value) ?? value;
  return value ?? null;
}
