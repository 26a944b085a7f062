/** What the map shows, one entry a sample in each list. */
export interface MapData {
  ids: number[];
  /** As the catalog has them where they are text there, else null. */
  textIds: (string | null)[];
  titles: string[];
  genres: string[];
  moods: string[];
  /** x, y of each, −1 to 1. */
  places: Float32Array;
  /** `numbers` values of each: near sketches are near vectors. */
  sketches: Float32Array;
  numbers: number;
}

/** The same as the page gets it: numbers as base64, sketches as bytes, names of genres and moods once. */
export interface PackedMap {
  ids: number[];
  /** Only where somebody asks for samples by them; null: as in `ids`. */
  textIds?: (string | null)[];
  titles: string[];
  genres: Names;
  moods: Names;
  /** Float32, little-endian. */
  places: string;
  /** Int8, each number by one scale. */
  sketches: string;
  numbers: number;
}

/** What the page of one file shows. */
export interface MapPage extends PackedMap {
  /** Whose vectors it shows: `generation 1: MODEL, 1536 dimensions`. */
  generation: string;
}

/** Names of genres or of moods, and which each sample has. */
export interface Names {
  names: string[];
  /** Uint16 index into `names`, base64. */
  of: string;
}
