/** The data of the map; each list has one entry per sample. */
export interface MapData {
  ids: number[];
  /** The catalog's id where that is text, else null. */
  textIds: (string | null)[];
  titles: string[];
  genres: string[];
  moods: string[];
  /** x and y of each sample, −1 to 1. */
  places: Float32Array;
  /** `numbers` values per sample: near sketches mean near vectors. */
  sketches: Float32Array;
  numbers: number;
}

/** The data as the page gets it: numbers as base64, sketches as bytes, each name of a genre or mood once. */
export interface PackedMap {
  ids: number[];
  /** Only present when samples are requested by these ids; null: as in `ids`. */
  textIds?: (string | null)[];
  titles: string[];
  genres: Names;
  moods: Names;
  /** Float32, little-endian. */
  places: string;
  /** Int8, all numbers with one scale. */
  sketches: string;
  numbers: number;
}

/** The data of a map page in one file. */
export interface MapPage extends PackedMap {
  /** The generation shown: `generation 1: MODEL, 1536 dimensions`. */
  generation: string;
}

/** Names of genres or moods, and the index of each sample's name. */
export interface Names {
  names: string[];
  /** Uint16 index into `names`, base64. */
  of: string;
}
