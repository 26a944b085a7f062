/** How texts read a column whose values mean more than their letters: a list of words, a tempo, an energy. */
export type Reading = 'list' | 'tempo' | 'energy';

/** By column. A column without an entry holds a text or a number. */
export type Readings = ReadonlyMap<string, Reading>;

const OF_LIBRARY: Readings = new Map<string, Reading>([
  ['tags', 'list'],
  ['texture_tags', 'list'],
  ['bpm', 'tempo'],
  ['energy_level', 'energy'],
]);

/** Returns how the columns of declared rows are read; null: the sample library's two tables. */
export const readingsOf = (rows: { lists?: readonly string[] } | null): Readings =>
  rows === null ? OF_LIBRARY : new Map((rows.lists ?? []).map((name) => [name, 'list']));
