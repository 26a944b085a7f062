import type { MapData, Names, PackedMap } from './map-data.js';

/** Returns the names, those of most samples first, and each sample's index. */
function namesOf(values: readonly string[]): Names {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const names = [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])).map(([name]) => name);
  const index = new Map(names.map((name, at) => [name, Math.min(at, 65_535)]));
  return { names, of: base64(Uint16Array.from(values, (value) => index.get(value) ?? 0)) };
}

/** Packs the data for the page. `textIds`: includes text ids if there are any. */
export function packMap(data: MapData, { textIds = false } = {}): PackedMap {
  let most = 0;
  for (const value of data.sketches) most = Math.max(most, Math.abs(value));
  const scale = most === 0 ? 0 : 127 / most;
  return {
    ids: data.ids,
    ...(textIds && data.textIds.some((id) => id !== null) && { textIds: data.textIds }),
    titles: data.titles,
    genres: namesOf(data.genres),
    moods: namesOf(data.moods),
    places: base64(data.places),
    sketches: base64(Int8Array.from(data.sketches, (value) => Math.round(value * scale))),
    numbers: data.numbers,
  };
}

const base64 = (values: Float32Array | Uint16Array | Int8Array): string =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');
