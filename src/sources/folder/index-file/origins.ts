/** A tag that was not understood, so that its column is empty. */
export interface LeftOutTag {
  field: 'bpm' | 'musical_key';
  /** Its origin, as of a column: `ID3 tag TBPM`. */
  from: string;
  value: string;
}

/** Returns the note on it: `bpm: ID3 tag TBPM is no tempo`. */
export const leftOutNote = ({ field, from }: Pick<LeftOutTag, 'field' | 'from'>): string =>
  `${field}: ${from} is ${field === 'bpm' ? 'no tempo' : 'no key'}`;

/** The column `origins` of a row. */
export interface Origins {
  /** The origin of each column: a tag, a chunk, or the file's name. */
  fields: Readonly<Record<string, string>>;
  leftOut: readonly LeftOutTag[];
}

/** Parses the column `origins`; null if it is none. */
export function parseOrigins(origins: unknown): Origins | null {
  if (typeof origins !== 'string') return null;
  try {
    const { leftOut = [], ...fields } = JSON.parse(origins) as Record<string, string> & {
      leftOut?: LeftOutTag[];
    };
    return { fields, leftOut: Array.isArray(leftOut) ? leftOut : [] };
  } catch {
    return null;
  }
}
