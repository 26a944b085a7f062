/**
 * How a stored vector is written, in SQL: float32, four bytes a number; or, of a generation of eight-bit numbers, libSQL's
 * FLOAT8, a byte a number (in groups of four) and eleven for scale, offset and kind, the last of which is 4.
 */

/** Whether the column holds what can be a vector. */
export const IS_VECTOR =
  "(length(vibe_vector) % 4 = 0 OR (length(vibe_vector) % 4 = 3 AND substr(vibe_vector, -1) = x'04'))";

/** The column as float32. */
export const AS_FLOATS =
  'CASE WHEN length(vibe_vector) % 4 = 0 THEN vibe_vector ELSE vector32(vibe_vector) END';

/** Whether it holds so many numbers. `count`: an SQL expression. */
export const hasDimensions = (count: string): string =>
  `(length(vibe_vector) = 4 * ${count} OR length(vibe_vector) = 4 * ((${count} + 3) / 4) + 11)`;
