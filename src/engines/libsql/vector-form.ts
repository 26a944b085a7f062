/**
 * SQL for stored vectors: float32, four bytes a number; or, in a generation of eight-bit numbers, libSQL's FLOAT8: one
 * byte a number (in groups of four), then eleven bytes for scale, offset and type, the last of which is 4.
 */

/** Whether length and last byte of the column are possible for a vector. */
export const IS_VECTOR =
  "(length(vibe_vector) % 4 = 0 OR (length(vibe_vector) % 4 = 3 AND substr(vibe_vector, -1) = x'04'))";

/** The column as float32. */
export const AS_FLOATS =
  'CASE WHEN length(vibe_vector) % 4 = 0 THEN vibe_vector ELSE vector32(vibe_vector) END';

/** Returns the condition that the column holds `count` numbers. `count`: an SQL expression. */
export const hasDimensions = (count: string): string =>
  `(length(vibe_vector) = 4 * ${count} OR length(vibe_vector) = 4 * ((${count} + 3) / 4) + 11)`;
