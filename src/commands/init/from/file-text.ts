import { ITS_ID, OWN_TITLE, storedName } from '../../../imports/import-file.js';
import { type Matched, ROLES, type Role } from '../../../imports/match-columns.js';
import type { SilentKind } from '../../../imports/silent-values.js';
import { type SilentReason, silentName } from '../silent-names.js';
import { lineOf, suggestText } from '../text-lines.js';

/** Lines of the text, in order: role, label, filters of the template. */
const LINES: readonly [Role, string, string][] = [
  ['title', 'Title', ''],
  ['artist', 'Artist', ' | join(", ")'],
  ['album', 'Album', ''],
  ['pack', 'Pack', ''],
  ['genre', 'Genre', ' | join(", ")'],
  ['bpm', 'BPM', ' | round'],
  ['key', 'Key', ''],
  ['scale', 'Scale', ''],
  ['mood', 'Mood', ' | join(", ")'],
  ['energy', 'Energy', ' | round(2)'],
  ['type', 'Type', ''],
  ['instruments', 'Instruments', ' | join(", ")'],
  ['tags', 'Tags', ' | join(", ")'],
];
const DESCRIPTION: (typeof LINES)[number] = ['description', 'Description', ' | truncate(2000)'];

/** Columns of music libraries that name people and companies, or the kind of file. */
const CREDITS = /^(?:remixer|label|composer|kind)$/i;

/** Columns that search shows, at most, in a new collection. */
const SHOWN = 5;

export interface FileText {
  text: string[];
  show: string[];
  filters: string[];
  file: string | null;
  left: string[];
}

/** A column that the text does not use, why, and the line that takes it in. */
export interface LeftColumn {
  column: string;
  reason: SilentReason;
  line: string;
}

/**
 * Suggests a text for the rows of a file: columns with a known role, then others that describe the sound. `silent`:
 * columns whose values say nothing of the sound; `chosen`: the columns that a person gave a role, which are used
 * nevertheless. `silenced`: the columns that were left out for their name or their values.
 */
export function fileText(
  columns: readonly string[],
  matched: Matched,
  { silent = new Map(), chosen = {} }: { silent?: ReadonlyMap<string, SilentKind>; chosen?: Matched } = {},
): FileText & { silenced: LeftColumn[] } {
  const reasonOf = (column: string): SilentReason | null =>
    silentName(column) ?? silent.get(column) ?? (CREDITS.test(column) ? 'people and rights' : null);
  const known: Matched =
    matched.title === undefined && matched.file !== undefined ? { ...matched, title: OWN_TITLE } : matched;
  const unsaid = ROLES.filter((role) => isLine(role) && role !== 'title' && chosen[role] === undefined);
  const mute = unsaid.flatMap((role) => {
    const column = known[role];
    return column !== undefined && silent.has(column) ? [role] : [];
  });
  const line = ([role, label, filter]: (typeof LINES)[number]): string[] => {
    const column = mute.includes(role) ? undefined : known[role];
    return column === undefined ? [] : [`${label}: {${fieldName(storedName(column))}${filter}}`];
  };
  const used = new Set(Object.values(known));
  const rest = columns.filter((column) => !used.has(column) && storedName(column) !== ITS_ID);
  const others = suggestText({
    name: 'rows',
    key: null,
    columns: rest
      .filter((column) => reasonOf(column) === null)
      .map((name) => ({ name, type: '', array: false })),
  });
  const unused = new Set([
    ...mute.flatMap((role) => known[role] ?? []),
    ...rest.filter((column) => !others.fields.includes(column)),
  ]);
  const silenced = [...unused].flatMap((column) => {
    const reason = reasonOf(column);
    const name = storedName(column);
    return reason === null ? [] : [{ column: name, reason, line: lineOf({ name, type: '', array: false }) }];
  });
  const roles = (some: readonly (typeof LINES)[number][]): string[] =>
    some.flatMap(([role]) => known[role] ?? []).map(storedName);
  const described = roles(LINES);
  const file = known.file === undefined || known.file === known.title ? [] : [known.file];
  return {
    text: [...LINES.flatMap(line), ...others.lines, ...line(DESCRIPTION)],
    show: described.filter((column) => !unused.has(column)).slice(0, SHOWN),
    filters: [...described, ...rest, ...file],
    file: known.file === undefined ? null : storedName(known.file),
    left: [
      ...[...unused].map(storedName),
      ...file,
      ...(known.id === undefined || known.id === known.file || known.id === known.title ? [] : [known.id]),
    ],
    silenced,
  };
}

const isLine = (role: Role): boolean => [...LINES, DESCRIPTION].some(([each]) => each === role);

/** Quotes a field name for a template if necessary. */
const fieldName = (name: string): string =>
  /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) ? name : JSON.stringify(name);
